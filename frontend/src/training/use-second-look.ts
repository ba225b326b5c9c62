import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type { Message } from "../api/types";

export interface DoubtedOutput {
  id: string;
  text: string;
  cut: boolean;
}

/** A pair on which everybody said one thing, and all models that had not seen it the other. */
export interface Doubted {
  item: string;
  prompt: { id: string; external_id: string; messages: Message[]; language: string };
  preferred: DoubtedOutput;
  rejected: DoubtedOutput;
  votes: number;
  /** Of each round of models, below 0, in typical margins. */
  margins: number[];
  in_review: boolean;
  reviewed_at: string | null;
}

interface SecondLook {
  refits: number;
  looked_at: number;
  found: number;
  listed: number;
  pairs: Doubted[];
  next: number | null;
}

const PAGE = 5;

export function useSecondLook(project: string, model: string, enabled: boolean) {
  return useInfiniteQuery({
    queryKey: [...projectKey(project), "second-look", model],
    enabled,
    initialPageParam: 0,
    queryFn: ({ pageParam, signal }) =>
      api.get<SecondLook>(
        `/reward-models/${model}/second-look/`,
        { start: pageParam, limit: PAGE },
        signal,
      ),
    getNextPageParam: (page) => page.next,
  });
}

export function useSendToReview(project: string, model: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (items: string[]) =>
      api.post<{ sent: number }>(`/reward-models/${model}/second-look/`, { items }),
    onSuccess: () => client.invalidateQueries({ queryKey: projectKey(project) }),
  });
}
