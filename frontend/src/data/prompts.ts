import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, getNext } from "../api/http";
import { projectKey } from "../api/projects";
import type { Page, PromptDetail, PromptSummary } from "../api/types";

const PAGE = 50;

/** The prompts of a project that contain `text`, page by page. */
export function usePrompts(project: string, text: string) {
  return useInfiniteQuery({
    queryKey: [...projectKey(project), "prompts", text],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? getNext<Page<PromptSummary>>(pageParam, signal)
        : api.get<Page<PromptSummary>>(
            `/projects/${project}/prompts/`,
            { q: text || null, limit: PAGE },
            signal,
          ),
    getNextPageParam: (page) => page.next,
  });
}

export function usePrompt(project: string, id: string) {
  return useQuery({
    queryKey: [...projectKey(project), "prompt", id],
    queryFn: ({ signal }) => api.get<PromptDetail>(`/prompts/${id}/`, undefined, signal),
  });
}
