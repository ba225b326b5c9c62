import { useQuery } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type { ModelCard } from "./card-types";

export function useCard(project: string, model: string) {
  return useQuery({
    queryKey: [...projectKey(project), "card", model],
    queryFn: ({ signal }) => api.get<ModelCard>(`/reward-models/${model}/card/`, undefined, signal),
  });
}
