import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { KindFilter } from "../agreement/types";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type { AnnotatorModels, Bias, Repeats } from "./types";

function useFigures<T>(project: string, name: string, kind: KindFilter) {
  return useQuery({
    queryKey: [...projectKey(project), name, kind],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      api.get<T>(`/projects/${project}/${name}/`, { annotator_kind: kind }, signal),
  });
}

export const useAnnotatorModels = (project: string, kind: KindFilter) =>
  useFigures<AnnotatorModels>(project, "annotator-models", kind);

export const useBias = (project: string, kind: KindFilter) =>
  useFigures<Bias>(project, "bias", kind);

export const useRepeats = (project: string, kind: KindFilter) =>
  useFigures<Repeats>(project, "repeats", kind);
