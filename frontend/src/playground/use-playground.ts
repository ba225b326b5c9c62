import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type {
  Message,
  Page,
  PromptDetail,
  PromptSummary,
  RewardAnswer,
  ScoringToken,
} from "../api/types";
import { languageOf, type TextLanguage } from "./padding";

export interface RewardRequest {
  items: { messages: Message[]; completion: string }[];
  model: string;
}

export function useRewards(project: string) {
  return useMutation({
    mutationFn: (request: RewardRequest) =>
      api.post<RewardAnswer>(`/projects/${project}/rewards/`, { ...request, explain: true }),
  });
}

/** One of the project's prompts in the wanted language, with its outputs; null where there is none. */
export function useExample(project: string) {
  return useMutation({
    mutationFn: async (language: TextLanguage): Promise<PromptDetail | null> => {
      const prompts = await api.get<Page<PromptSummary>>(`/projects/${project}/prompts/`, {
        limit: 500,
      });
      const fitting = prompts.results.filter(
        (prompt) =>
          prompt.completions > 1 &&
          (prompt.language
            ? prompt.language.startsWith(language)
            : languageOf(prompt.excerpt, "en") === language),
      );
      const chosen = fitting[Math.floor(Math.random() * fitting.length)];
      return chosen ? api.get<PromptDetail>(`/prompts/${chosen.id}/`) : null;
    },
  });
}

const tokensKey = (project: string) => [...projectKey(project), "scoring-tokens"] as const;

export function useScoringTokens(project: string, enabled: boolean) {
  return useQuery({
    queryKey: tokensKey(project),
    enabled,
    queryFn: async ({ signal }) =>
      (
        await api.get<Page<ScoringToken>>(
          `/projects/${project}/scoring-tokens/`,
          { limit: 200 },
          signal,
        )
      ).results,
  });
}

export function useCreateToken(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (input: { name: string; model: string | null }) =>
      api.post<ScoringToken>(`/projects/${project}/scoring-tokens/`, input),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensKey(project) }),
  });
}

export function useRevokeToken(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: string) => api.delete(`/scoring-tokens/${token}/`),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensKey(project) }),
  });
}
