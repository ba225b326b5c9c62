import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { api, getNext } from "../api/http";
import { projectKey } from "../api/projects";
import type { JudgmentStatus, Page } from "../api/types";
import type { Mine, OwnAgreement, OwnJudgment } from "./types";

const PAGE = 30;
const key = (project: string) => [...projectKey(project), "mine"];

/** Counts and pace; new on every visit. */
export function useMine(project: string) {
  return useQuery({
    queryKey: key(project),
    staleTime: 0,
    queryFn: ({ signal }) => api.get<Mine>(`/projects/${project}/mine/`, undefined, signal),
  });
}

/** One's agreement with the others, where the project shows it. */
export function useOwnAgreement(project: string, allowed: boolean) {
  return useQuery({
    queryKey: [...key(project), "agreement"],
    enabled: allowed,
    queryFn: ({ signal }) =>
      api.get<OwnAgreement>(`/projects/${project}/mine/agreement/`, undefined, signal),
  });
}

/** One's own labels that contain `text`, newest first; a search may need several pages to find the next. */
export function useOwnJudgments(project: string, text: string, status: JudgmentStatus | "") {
  return useInfiniteQuery({
    queryKey: [...key(project), "judgments", text, status],
    staleTime: 0,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? getNext<Page<OwnJudgment>>(pageParam, signal)
        : api.get<Page<OwnJudgment>>(
            `/projects/${project}/mine/judgments/`,
            { q: text || null, status: status || null, limit: PAGE },
            signal,
          ),
    getNextPageParam: (page) => page.next,
  });
}
