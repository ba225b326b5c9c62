import { api } from "../api/http";
import type { Judgment, JudgmentDetail, Page } from "../api/types";
import type { Done } from "./desk";

/** The uuids of one's own current judgments, newest first. */
export async function fetchOwnJudgments(project: string): Promise<string[]> {
  const page = await api.get<Page<Judgment>>(`/projects/${project}/judgments/`, {
    annotator: "me",
    order: "newest",
    limit: 100,
  });
  return page.results.filter((judgment) => !judgment.superseded).map((judgment) => judgment.uuid);
}

/** One own judgment as the page remembers those made since it was opened. */
export async function fetchDone(uuid: string): Promise<Done> {
  const judgment = await api.get<JudgmentDetail>(`/judgments/${uuid}/`);
  return {
    uuid,
    item: {
      lease: "",
      item: judgment.item,
      expires_at: "",
      prompt: { id: judgment.prompt, ...judgment.prompt_detail },
      completions: judgment.completions,
      shown: judgment.shown,
      position: null,
    },
    status: judgment.status,
    answers: judgment.answers,
    reason: judgment.reason,
    origin: judgment.supersedes ? { supersedes: judgment.supersedes } : { lease: "" },
    previous: null,
  };
}
