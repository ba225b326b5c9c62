import { useQuery } from "@tanstack/react-query";
import { api } from "./http";
import { projectKey } from "./projects";
import type { Progress } from "./types";

/** How far the labelling of a project has come; read again every half minute. */
export function useProgress(project: string) {
  return useQuery({
    queryKey: [...projectKey(project), "progress"],
    queryFn: ({ signal }) => api.get<Progress>(`/projects/${project}/progress/`, undefined, signal),
    refetchInterval: 30_000,
  });
}
