import { keepPreviousData, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../../api/http";
import { projectKey, projectsKey } from "../../api/projects";
import type {
  AnnotatorSettings,
  OverlapCost,
  Page,
  Pool,
  PoolPrompts,
  Project,
} from "../../api/types";

const annotatorsKey = (id: string) => [...projectKey(id), "annotator-settings"] as const;
const poolsKey = (id: string) => [...projectKey(id), "pools"] as const;

/** What one would set for adaptive overlap; null where it is off. */
export interface Adaptive {
  overlap_most: number;
  confidence: number;
}

/** What more judgments per item cost and buy, with adaptive overlap as asked. */
export function useOverlapCost(id: string, adaptive: Adaptive | null) {
  const query: Record<string, string | number> = adaptive ? { ...adaptive } : {};
  return useQuery({
    queryKey: [...projectKey(id), "overlap-cost", query],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => api.get<OverlapCost>(`/projects/${id}/overlap-cost/`, query, signal),
  });
}

/** Hands nothing out any more, or hands out again. */
export function usePause(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (paused: boolean) =>
      api.post<Project>(`/projects/${id}/${paused ? "pause" : "resume"}/`),
    onSuccess: (project) => {
      client.setQueryData(projectKey(id), project);
      void client.invalidateQueries({ queryKey: projectsKey });
    },
  });
}

/** Everybody who judges in a project. */
export function useAnnotatorSettings(id: string) {
  return useQuery({
    queryKey: annotatorsKey(id),
    queryFn: async ({ signal }) =>
      (
        await api.get<Page<AnnotatorSettings>>(
          `/projects/${id}/annotators/`,
          { limit: 1000 },
          signal,
        )
      ).results,
  });
}

export type AnnotatorChange = Partial<
  Pick<AnnotatorSettings, "paused" | "quota_total" | "quota_daily" | "groups">
>;

export function useSetAnnotator(id: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ annotator, change }: { annotator: string; change: AnnotatorChange }) =>
      api.patch<AnnotatorSettings>(`/projects/${id}/annotators/${annotator}/`, change),
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: annotatorsKey(id) }),
        client.invalidateQueries({ queryKey: poolsKey(id) }),
      ]),
  });
}

export function usePools(id: string) {
  return useQuery({
    queryKey: poolsKey(id),
    queryFn: async ({ signal }) =>
      (await api.get<Page<Pool>>(`/projects/${id}/pools/`, { limit: 1000 }, signal)).results,
  });
}

export type PoolDraft = Pick<Pool, "name" | "annotators" | "groups">;

function usePoolsChange<Change, Answer>(id: string, send: (change: Change) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: send,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: poolsKey(id) }),
        client.invalidateQueries({ queryKey: annotatorsKey(id) }),
      ]),
  });
}

/** Makes a pool (without an id) or changes one. */
export function useSavePool(id: string) {
  return usePoolsChange(id, ({ pool, draft }: { pool: string | null; draft: PoolDraft }) =>
    pool
      ? api.patch<Pool>(`/projects/${id}/pools/${pool}/`, draft)
      : api.post<Pool>(`/projects/${id}/pools/`, draft),
  );
}

export function useDeletePool(id: string) {
  return usePoolsChange(id, (pool: string) => api.delete(`/projects/${id}/pools/${pool}/`));
}

export interface PromptFilter {
  q: string;
  unpooled?: boolean;
  remove?: boolean;
}

/** Puts the prompts that hold a text into a pool, or takes them out. */
export function usePoolPrompts(id: string) {
  return usePoolsChange(id, ({ pool, filter }: { pool: string; filter: PromptFilter }) =>
    api.post<PoolPrompts>(`/projects/${id}/pools/${pool}/prompts/`, filter),
  );
}
