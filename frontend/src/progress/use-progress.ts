import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type { Page, ParkedItem, Progress } from "../api/types";

export const progressKey = (project: string) => [...projectKey(project), "progress"] as const;

export function useProgress(project: string) {
  return useQuery({
    queryKey: progressKey(project),
    queryFn: ({ signal }) => api.get<Progress>(`/projects/${project}/progress/`, undefined, signal),
    refetchInterval: 30_000,
  });
}

export type SetAside = "parked" | "flagged";

/** Items that wait for somebody's decision, at most the first 100. */
export function useSetAside(project: string, list: SetAside, enabled: boolean) {
  return useQuery({
    queryKey: [...projectKey(project), list],
    enabled,
    queryFn: ({ signal }) =>
      api.get<Page<ParkedItem>>(`/projects/${project}/${list}/`, { limit: 100 }, signal),
  });
}

export function useRelease(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (item: string) => api.post(`/projects/${project}/parked/${item}/release/`),
    onSuccess: () => client.invalidateQueries({ queryKey: projectKey(project) }),
  });
}
