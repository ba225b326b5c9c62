import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type { JobStatus, Page, Promotion, Retraining, TrainingRun } from "../api/types";
import type { Model, RunRequest } from "./types";

export const isLive = (status: JobStatus) => status === "queued" || status === "running";

/** The newest 100 versions, newest first. */
export function useModels(project: string) {
  return useQuery({
    queryKey: [...projectKey(project), "models"],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Model>>(`/projects/${project}/reward-models/`, { limit: 100 }, signal))
        .results,
  });
}

export function useModel(project: string, model: string) {
  return useQuery({
    queryKey: [...projectKey(project), "model", model],
    queryFn: ({ signal }) => api.get<Model>(`/reward-models/${model}/`, undefined, signal),
  });
}

/** The newest 20 runs; asked again every second or so while one is going. */
export function useRuns(project: string) {
  return useQuery({
    queryKey: [...projectKey(project), "runs"],
    queryFn: async ({ signal }) =>
      (
        await api.get<Page<TrainingRun>>(
          `/projects/${project}/training-runs/`,
          { limit: 20 },
          signal,
        )
      ).results,
    refetchInterval: (query) =>
      query.state.data?.some((run) => isLive(run.status)) ? 1500 : 30_000,
  });
}

export function useRun(project: string, run: string) {
  return useQuery({
    queryKey: [...projectKey(project), "run", run],
    queryFn: ({ signal }) => api.get<TrainingRun>(`/training-runs/${run}/`, undefined, signal),
    refetchInterval: (query) =>
      query.state.data && isLive(query.state.data.status) ? 1000 : false,
  });
}

export function usePromotions(project: string) {
  return useQuery({
    queryKey: [...projectKey(project), "promotions"],
    queryFn: async ({ signal }) =>
      (await api.get<Page<Promotion>>(`/projects/${project}/promotions/`, { limit: 50 }, signal))
        .results,
  });
}

export function useRetraining(project: string) {
  return useQuery({
    queryKey: [...projectKey(project), "retraining"],
    queryFn: ({ signal }) =>
      api.get<Retraining>(`/projects/${project}/retraining/`, undefined, signal),
    refetchInterval: 15_000,
  });
}

/** Changes something about a project's models and reads everything of the project anew. */
function useChange<Input, Answer>(project: string, change: (input: Input) => Promise<Answer>) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => client.invalidateQueries({ queryKey: projectKey(project) }),
  });
}

export const useStartRun = (project: string) =>
  useChange(project, (request: RunRequest) =>
    api.post<TrainingRun>(`/projects/${project}/training-runs/`, request),
  );

export const useCancelRun = (project: string) =>
  useChange(project, (run: string) => api.post<TrainingRun>(`/training-runs/${run}/cancel/`, {}));

export const usePromote = (project: string) =>
  useChange(project, ({ model, force }: { model: string; force: boolean }) =>
    api.post<Model>(`/reward-models/${model}/promote/`, { force }),
  );

export const useSaveRetraining = (project: string) =>
  useChange(project, (policy: Omit<Retraining, "state">) =>
    api.put<Retraining>(`/projects/${project}/retraining/`, policy),
  );
