import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey, projectsKey } from "../api/projects";
import type { Page, Project, Question, Revision, Template } from "../api/types";
import type { General } from "./GeneralFields";

const revisionsKey = (id: string) => [...projectKey(id), "revisions"] as const;

export function useTemplates() {
  return useQuery({
    queryKey: ["templates"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      (await api.get<Page<Template>>("/templates/", undefined, signal)).results,
  });
}

export type ProjectChange = Partial<General & { questions: Question[]; guidelines: string }>;

export function useCreateProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (project: ProjectChange & { name: string; template: string }) =>
      api.post<Project>("/projects/", project),
    onSuccess: (project) => {
      client.setQueryData(projectKey(project.id), project);
      return client.invalidateQueries({ queryKey: projectsKey });
    },
  });
}

/** Changes a project; new questions or guidelines make a new revision. */
export function useUpdateProject(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: ProjectChange) => api.patch<Project>(`/projects/${id}/`, change),
    onSuccess: (project) => {
      client.setQueryData(projectKey(id), project);
      void client.invalidateQueries({ queryKey: revisionsKey(id) });
      void client.invalidateQueries({ queryKey: projectsKey });
    },
  });
}

export function useDeleteProject(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: () => api.delete(`/projects/${id}/`),
    onSuccess: () => client.invalidateQueries({ queryKey: projectsKey }),
  });
}

/** Every wording of a project, newest first. */
export function useRevisions(id: string) {
  return useQuery({
    queryKey: revisionsKey(id),
    queryFn: async ({ signal }) =>
      (await api.get<Page<Revision>>(`/projects/${id}/revisions/`, { limit: 1000 }, signal))
        .results,
  });
}
