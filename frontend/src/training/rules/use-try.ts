import { useMutation } from "@tanstack/react-query";
import { api } from "../../api/http";
import type { RunRequest } from "../types";
import type { RuleRequest } from "./draft";
import type { RulesTried } from "./types";

export const SAMPLE = 200;

/** Runs rules on a sample of the project's outputs; nothing is stored. */
export function useTryRules(project: string) {
  return useMutation({
    mutationFn: (request: { rules: RuleRequest[]; data: RunRequest["data"] }) =>
      api.post<RulesTried>(`/projects/${project}/rules/try/`, { ...request, n: SAMPLE }),
  });
}
