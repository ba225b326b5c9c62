import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type { Page, Remark, Threads } from "../api/types";

const LOOK_AGAIN_MS = 60_000;
const MOST = 500;

const remarksKey = (project: string) => [...projectKey(project), "remarks"] as const;

/** Threads about one's own labels, unread ones first. */
export function useOwnThreads(project: string) {
  return useQuery({
    queryKey: [...remarksKey(project), "own"],
    refetchInterval: LOOK_AGAIN_MS,
    queryFn: ({ signal }) =>
      api.get<Threads>(`/projects/${project}/remarks/`, { annotator: "me", limit: 50 }, signal),
  });
}

/** Threads of all annotators, for reviewers. */
export function useThreads(project: string) {
  return useQuery({
    queryKey: [...remarksKey(project), "all"],
    queryFn: ({ signal }) =>
      api.get<Threads>(`/projects/${project}/remarks/`, { limit: 20 }, signal),
  });
}

/** One thread; without an annotator, one's own. */
export interface Place {
  project: string;
  item: string;
  annotator?: string;
}

const pathOf = ({ project, item }: Place) => `/projects/${project}/items/${item}/remarks/`;
const queryOf = ({ annotator }: Place) => ({ annotator: annotator ?? null });

export function useThread(place: Place) {
  return useQuery({
    queryKey: [...remarksKey(place.project), "thread", place.item, place.annotator ?? "own"],
    queryFn: ({ signal }) =>
      api.get<Page<Remark>>(pathOf(place), { ...queryOf(place), limit: MOST }, signal),
  });
}

function useRefresh({ project, item }: Place) {
  const client = useQueryClient();
  return () =>
    Promise.all([
      client.invalidateQueries({ queryKey: remarksKey(project) }),
      client.invalidateQueries({ queryKey: [...projectKey(project), "review", "item", item] }),
      client.invalidateQueries({ queryKey: [...projectKey(project), "review", "summary"] }),
    ]);
}

export function useWriteRemark(place: Place) {
  const refresh = useRefresh(place);
  return useMutation({
    mutationFn: (text: string) => api.post<Remark>(pathOf(place), { text }, queryOf(place)),
    onSuccess: refresh,
  });
}

export function useReadThread(place: Place) {
  const refresh = useRefresh(place);
  return useMutation({
    mutationFn: () => api.post(`${pathOf(place)}read/`, undefined, queryOf(place)),
    onSuccess: refresh,
  });
}
