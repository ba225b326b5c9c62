import {
  type InfiniteData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api, getNext } from "../api/http";
import { projectKey } from "../api/projects";
import type {
  AgreedItem,
  Answers,
  CheckedAnnotator,
  GoldItem,
  Page,
  Tolerance,
  TrustPolicy,
} from "../api/types";

const goldKey = (project: string) => [...projectKey(project), "gold"] as const;
const policyKey = (project: string) => [...projectKey(project), "trust-policy"] as const;

/** The project's live gold items, newest first. */
export function useGolds(project: string) {
  return useInfiniteQuery<
    Page<GoldItem>,
    Error,
    InfiniteData<Page<GoldItem>>,
    readonly string[],
    string
  >({
    queryKey: [...goldKey(project), "items"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? getNext(pageParam, signal)
        : api.get<Page<GoldItem>>(`/projects/${project}/gold/`, { limit: 20 }, signal),
    getNextPageParam: (page) => page.next,
  });
}

/** How the people who work here stand, at most the first 200. */
export function useCheckedAnnotators(project: string) {
  return useQuery({
    queryKey: [...goldKey(project), "annotators"],
    queryFn: ({ signal }) =>
      api.get<Page<CheckedAnnotator>>(
        `/projects/${project}/gold/annotators/`,
        { limit: 200 },
        signal,
      ),
  });
}

export function useTrustPolicy(project: string) {
  return useQuery({
    queryKey: policyKey(project),
    queryFn: ({ signal }) =>
      api.get<TrustPolicy>(`/projects/${project}/trust-policy/`, undefined, signal),
  });
}

export function useSetTrustPolicy(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<TrustPolicy>) =>
      api.put<TrustPolicy>(`/projects/${project}/trust-policy/`, change),
    onSuccess: (policy) => {
      client.setQueryData(policyKey(project), policy);
      void client.invalidateQueries({ queryKey: goldKey(project) });
    },
  });
}

function useGoldMutation<Given, Got>(project: string, run: (given: Given) => Promise<Got>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: run,
    onSuccess: () =>
      Promise.all([
        client.invalidateQueries({ queryKey: goldKey(project) }),
        client.invalidateQueries({ queryKey: policyKey(project) }),
      ]),
  });
}

/** What a known answer is made from: a judgment, or an item with answers. */
export type GoldSource = { judgment: string } | { item: string; answers: Answers };

export interface GoldWords {
  tolerance: Tolerance;
  explanation: string;
}

export const useMakeGold = (project: string) =>
  useGoldMutation(project, (given: GoldSource & GoldWords) =>
    api.post<GoldItem>(`/projects/${project}/gold/`, given),
  );

export const useChangeGold = (project: string) =>
  useGoldMutation(project, ({ id, ...change }: GoldWords & { id: string }) =>
    api.patch<GoldItem>(`/projects/${project}/gold/${id}/`, change),
  );

export const useRetireGold = (project: string) =>
  useGoldMutation(project, (id: string) => api.delete(`/projects/${project}/gold/${id}/`));

export interface Agreed {
  items: AgreedItem[];
  created: number;
}

/** Finds items on which people agree; without `preview` they become gold. */
export const useAgreed = (project: string) =>
  useGoldMutation(project, (given: { at_least: number; most: number; preview: boolean }) =>
    api.post<Agreed>(`/projects/${project}/gold/agreed/`, given),
  );

export type StandingAction = "pause" | "resume" | "qualify";

export const useSetStanding = (project: string) =>
  useGoldMutation(project, ({ id, action }: { id: string; action: StandingAction }) =>
    api.post<CheckedAnnotator>(`/projects/${project}/gold/annotators/${id}/`, { action }),
  );
