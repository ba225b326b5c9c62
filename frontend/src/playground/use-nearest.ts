import { useQuery } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type { components } from "../api/schema";
import type { Message } from "../api/types";

export type NearestAnswer = components["schemas"]["NearestAnswer"];
export type Neighbour = components["schemas"]["Neighbour"];

const SHOWN = 5;

/** An output as it was scored: by which model of which project, and what it answers. */
export interface ScoredBy {
  project: string;
  model: string;
  messages: Message[];
}

/** The labelled outputs most like one that was scored; asked for only once somebody wants to see them. */
export function useNearest({ project, model, messages }: ScoredBy, text: string, wanted: boolean) {
  return useQuery({
    queryKey: [...projectKey(project), "nearest", model, messages, text],
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: () =>
      api.post<NearestAnswer>(`/projects/${project}/rewards/nearest/`, {
        items: [{ messages, completion: text }],
        model,
        count: SHOWN,
      }),
  });
}
