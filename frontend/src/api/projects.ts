import { useQuery } from "@tanstack/react-query";
import { useOutletContext } from "react-router";
import { api } from "./http";
import type { Page, Project } from "./types";

export const projectsKey = ["projects"] as const;

/** Every query of one project starts with this key, so that one call refreshes them all. */
export const projectKey = (id: string) => ["project", id] as const;

export const fetchProjects = (signal?: AbortSignal) =>
  api.get<Page<Project>>("/projects/", { limit: 200 }, signal);

export function useProjects() {
  return useQuery({
    queryKey: projectsKey,
    queryFn: async ({ signal }) => (await fetchProjects(signal)).results,
  });
}

export function useProjectQuery(id: string) {
  return useQuery({
    queryKey: projectKey(id),
    queryFn: ({ signal }) => api.get<Project>(`/projects/${id}/`, undefined, signal),
  });
}

/** The project of the page; for routes inside the project layout. */
export function useProject(): Project {
  return useOutletContext<Project>();
}
