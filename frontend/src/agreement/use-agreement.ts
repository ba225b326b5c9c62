import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type { AgreementReport, KindFilter } from "./types";

export function useAgreement(project: string, kind: KindFilter) {
  return useQuery({
    queryKey: [...projectKey(project), "agreement", kind],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      api.get<AgreementReport>(`/projects/${project}/agreement/`, { annotator_kind: kind }, signal),
  });
}
