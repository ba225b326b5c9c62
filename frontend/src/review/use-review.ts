import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useEffect } from "react";
import { api, getNext } from "../api/http";
import { projectKey } from "../api/projects";
import type {
  Answers,
  Judgment,
  Page,
  ReviewItem,
  ReviewReason,
  ReviewRow,
  ReviewSummary,
} from "../api/types";

export const REASONS = [
  "all",
  "gold-failing",
  "parked",
  "flagged",
  "suspected",
  "contested",
] as const;
export type Reason = (typeof REASONS)[number];

export const isReason = (value: string | null): value is Reason =>
  REASONS.includes(value as Reason);

const PAGE = 50;
const reviewKey = (project: string) => [...projectKey(project), "review"] as const;
const listKey = (project: string, reason: Reason) => [...reviewKey(project), "list", reason];

export const rowsOf = (data: InfiniteData<Page<ReviewRow>> | undefined): ReviewRow[] =>
  data?.pages.flatMap((page) => page.results) ?? [];

/** The items that wait for review. The list stays as it is while somebody goes through it item by item. */
export function useReviewList(project: string, reason: Reason, { still = false } = {}) {
  return useInfiniteQuery({
    queryKey: listKey(project, reason),
    initialPageParam: "",
    staleTime: still ? Number.POSITIVE_INFINITY : 0,
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? getNext<Page<ReviewRow>>(pageParam, signal)
        : api.get<Page<ReviewRow>>(`/projects/${project}/review/`, { reason, limit: PAGE }, signal),
    getNextPageParam: (page) => page.next,
  });
}

export function useReviewSummary(project: string) {
  return useQuery({
    queryKey: [...reviewKey(project), "summary"],
    queryFn: ({ signal }) =>
      api.get<ReviewSummary>(`/projects/${project}/review/summary/`, undefined, signal),
  });
}

const itemKey = (project: string, item: string) => [...reviewKey(project), "item", item];

const itemQuery = (project: string, item: string, sources: boolean) => ({
  queryKey: [...itemKey(project, item), sources],
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    api.get<ReviewItem>(
      `/projects/${project}/review/${item}/`,
      { sources: sources ? 1 : null },
      signal,
    ),
});

export function useReviewItem(project: string, item: string, sources: boolean) {
  return useQuery<ReviewItem>({
    ...itemQuery(project, item, sources),
    placeholderData: (before) => (before?.item === item ? before : undefined),
  });
}

/** Reads the item that comes next, so that it is there when it is asked for. */
export function usePrefetchItem(project: string, item: string | null, sources: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (item)
      void client.prefetchQuery({ ...itemQuery(project, item, sources), staleTime: 10_000 });
  }, [client, project, item, sources]);
}

/** Reads one item anew, and the figures beside the queue; the queue itself stays while it is gone through. */
function useRefresh(project: string) {
  const client = useQueryClient();
  return (item?: string) =>
    Promise.all([
      item && client.invalidateQueries({ queryKey: itemKey(project, item) }),
      client.invalidateQueries({ queryKey: [...reviewKey(project), "summary"] }),
    ]);
}

/** Takes an item off the queue, or puts it back. */
export function useReviewDone(project: string) {
  const refresh = useRefresh(project);
  return useMutation({
    mutationFn: ({ item, done }: { item: string; done: boolean }) =>
      api[done ? "post" : "delete"](`/projects/${project}/review/${item}/done/`),
    onSuccess: (_, { item }) => refresh(item),
  });
}

export interface Decision {
  uuid: string;
  answers: Answers;
  shown: string[];
  reason: string;
}

/** Saves a decision; sent again with the same uuid it is stored once. */
export function useDecide(project: string, item: string) {
  const refresh = useRefresh(project);
  return useMutation({
    mutationFn: (decision: Decision) =>
      api.put<Judgment>(`/projects/${project}/items/${item}/adjudication/`, decision),
    onSuccess: () => refresh(item),
  });
}

/** Sets a judgment aside with a reason, or (without one) lets it count again. */
export function useSetAside(project: string, item: string) {
  const refresh = useRefresh(project);
  return useMutation({
    mutationFn: ({ uuid, reason }: { uuid: string; reason: string | null }) => {
      const path = `/judgments/${uuid}/set-aside/`;
      return reason === null
        ? api.delete<Judgment>(path, undefined, { project })
        : api.post<Judgment>(path, { reason }, { project });
    },
    onSuccess: () => refresh(item),
  });
}

export function useRelease(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (item: string) => api.post(`/projects/${project}/parked/${item}/release/`),
    onSuccess: () => client.invalidateQueries({ queryKey: projectKey(project) }),
  });
}

/** A part of an action on many judgments of one annotator. */
export interface Batch {
  at: string;
  done: number;
  left: number;
}

export const asidePath = (project: string, annotator: string) =>
  `/projects/${project}/annotators/${annotator}/set-aside/`;

export const countKey = (count: ReviewReason) =>
  count === "gold-failing" ? "gold_failing" : count;
