import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type { Page, ParkedItem } from "../api/types";

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
