import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, getNext } from "../api/http";
import { projectKey } from "../api/projects";
import type { Pin, PinStanding, Pins } from "../api/types";

const PAGE = 20;
/** As many as a project may pin. */
export const ALL = 200;
const pinsKey = (project: string) => [...projectKey(project), "must-pass"] as const;

/** What is pinned, with the margins of the champion or of another model; `prompt` narrows it to one. */
export function usePins(
  project: string,
  asked: { model?: string; prompt?: string; limit?: number } = {},
) {
  const { model = null, prompt = null, limit = PAGE } = asked;
  return useInfiniteQuery({
    queryKey: [...pinsKey(project), model, prompt, limit],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? getNext<Pins>(pageParam, signal)
        : api.get<Pins>(`/projects/${project}/must-pass/`, { model, prompt, limit }, signal),
    getNextPageParam: (page) => page.next,
  });
}

function useChange<Input, Answer>(project: string, change: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: pinsKey(project) }),
  });
}

export const usePin = (project: string) =>
  useChange(project, (pin: { judgment: string; note: string }) =>
    api.post<Pin>(`/projects/${project}/must-pass/`, pin),
  );

export const useUnpin = (project: string) =>
  useChange(project, (judgment: string) =>
    api.delete(`/projects/${project}/must-pass/${judgment}/`),
  );

/** Holds a model against what was pinned after it was made. */
export const useTry = (project: string) =>
  useChange(project, (model: string) =>
    api.post<PinStanding>(`/reward-models/${model}/must-pass/`),
  );
