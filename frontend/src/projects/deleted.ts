import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectsKey } from "../api/projects";
import type { Page, Project } from "../api/types";

const deletedKey = [...projectsKey, "deleted"] as const;

/** Projects that were deleted in the last seven days. */
export function useDeletedProjects() {
  return useQuery({
    queryKey: deletedKey,
    queryFn: async ({ signal }) =>
      (await api.get<Page<Project>>("/projects/", { deleted: 1, limit: 200 }, signal)).results,
  });
}

export function useRestoreProject() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.post<Project>(`/projects/${id}/restore/`),
    onSuccess: () => client.invalidateQueries({ queryKey: projectsKey }),
  });
}
