import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey, projectsKey } from "../api/projects";
import type { Import, ImportRecipe, Page } from "../api/types";

export const isOver = (report: Import) =>
  report.status === "succeeded" || report.status === "failed";

/** Files that came into a project, newest first; asks again while one is being read. */
export function useImports(project: string) {
  return useQuery({
    queryKey: [...projectKey(project), "imports"],
    queryFn: async ({ signal }) => {
      const page = await api.get<Page<Import>>(
        `/projects/${project}/imports/`,
        { limit: 200 },
        signal,
      );
      return page.results.filter((report) => !report.dry_run);
    },
    refetchInterval: (query) => (query.state.data?.every(isOver) === false ? 2000 : false),
  });
}

export function useRecipes() {
  return useQuery({
    queryKey: ["import-recipes"],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) =>
      (await api.get<Page<ImportRecipe>>("/import-recipes/", undefined, signal)).results,
  });
}

export function useUndoImport(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/imports/${id}/`),
    onSuccess: async () => {
      void client.invalidateQueries({ queryKey: projectsKey });
      await client.invalidateQueries({ queryKey: projectKey(project) });
    },
  });
}
