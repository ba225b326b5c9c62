import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useState } from "react";
import { api } from "../../api/http";
import { projectKey } from "../../api/projects";
import type { Standing } from "../../api/types";
import { outbox } from "../../outbox";

const LOOK_AGAIN_MS = 60_000;

export type Checked = NonNullable<Standing["last"]>;

/** Whether each label may change what is told, so that it is asked for after each. */
const isTold = (standing: Standing | undefined) =>
  standing !== undefined && (standing.feedback !== "none" || standing.status === "qualifying");

/**
 * What one is told about one's own work. `checked` is an answer to a gold item that was given on this
 * page, until it is understood.
 */
export function useStanding(project: string) {
  const client = useQueryClient();
  const [understood, setUnderstood] = useState<string | null>(null);
  const [first, setFirst] = useState<string | null>(null);
  const { data: standing } = useQuery({
    queryKey: [...projectKey(project), "standing"],
    refetchInterval: LOOK_AGAIN_MS,
    queryFn: ({ signal }) => api.get<Standing>(`/projects/${project}/standing/`, undefined, signal),
  });

  // What was answered before the page was opened is no news.
  const newest = standing ? (standing.last?.judgment ?? "") : null;
  if (first === null && newest !== null) setFirst(newest);

  const told = isTold(standing);
  useEffect(() => {
    if (!told) return;
    return outbox.onSaved(({ project: of }) => {
      if (of === project) {
        void client.invalidateQueries({ queryKey: [...projectKey(project), "standing"] });
      }
    });
  }, [told, project, client]);

  const last = standing?.last ?? null;
  const isNews = last && first !== null && last.judgment !== first && last.judgment !== understood;
  return {
    standing,
    checked: isNews ? last : null,
    understand: useCallback(() => setUnderstood(last?.judgment ?? null), [last?.judgment]),
  };
}
