import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, getNext } from "../../api/http";
import { projectKey } from "../../api/projects";
import type {
  Import,
  NearDuplicate,
  NearDuplicateKind,
  Page,
  Resolution,
  Revelation,
} from "../../api/types";

const PAGE = 20;
const POLL_MS = 2000;

/** Pairs of nearly equal texts about which has been decided so, page by page. */
export function useNearDuplicates(
  project: string,
  kind: NearDuplicateKind,
  resolution: Resolution,
) {
  return useInfiniteQuery({
    queryKey: [...projectKey(project), "near-duplicates", kind, resolution],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? getNext<Page<NearDuplicate>>(pageParam, signal)
        : api.get<Page<NearDuplicate>>(
            `/projects/${project}/near-duplicates/`,
            { kind, resolution, limit: PAGE },
            signal,
          ),
    getNextPageParam: (page) => page.next,
  });
}

/** Decides about pairs; the lists are read again. */
export function useDecide(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (decision: { ids: string[]; resolution: Resolution }) =>
      api.post<{ decided: number }>(`/projects/${project}/near-duplicates/`, decision),
    onSettled: () =>
      client.invalidateQueries({ queryKey: [...projectKey(project), "near-duplicates"] }),
  });
}

/** Outputs that say which model wrote them, page by page. */
export function useRevealing(project: string) {
  return useInfiniteQuery({
    queryKey: [...projectKey(project), "revealing"],
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? getNext<Page<Revelation>>(pageParam, signal)
        : api.get<Page<Revelation>>(`/projects/${project}/revealing/`, { limit: PAGE }, signal),
    getNextPageParam: (page) => page.next,
  });
}

const searching = (report: Import) =>
  report.examination?.status === "queued" || report.examination?.status === "running";

/** An import's report, read again while a worker still searches through what it brought. */
export function useExamined(project: string, report: Import) {
  return useQuery({
    queryKey: [...projectKey(project), "examined", report.id],
    queryFn: ({ signal }) => api.get<Import>(`/imports/${report.id}/`, undefined, signal),
    initialData: report,
    staleTime: POLL_MS,
    enabled: searching(report),
    refetchInterval: (query) => (query.state.data && searching(query.state.data) ? POLL_MS : false),
  });
}
