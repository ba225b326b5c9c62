import type { NumberDraft, Problems } from "./rules/draft";

/** How a linear model is fitted, as the dialog holds it; the numbers are Adam's alone. */
export interface LinearDraft {
  loss: "preference" | "squared";
  optimizer: "newton" | "adam";
  criteria: "together" | "heads";
  learning_rate: NumberDraft;
  epochs: NumberDraft;
  batch_size: NumberDraft;
}

export const LINEAR: LinearDraft = {
  loss: "preference",
  optimizer: "newton",
  criteria: "together",
  learning_rate: 0.01,
  epochs: 10,
  batch_size: 32,
};

/** What the API takes. */
export const LIMITS = {
  learning_rate: [1e-6, 1],
  epochs: [1, 10_000],
  batch_size: [1, 65_536],
} as const;
const NUMBERS = ["learning_rate", "epochs", "batch_size"] as const;

/** Whether criteria can be fitted each by itself: a ridge regression needs neither Adam nor another loss. */
export const readsHeads = ({ loss, optimizer }: LinearDraft) =>
  loss === "preference" && optimizer === "newton";

/** The options that differ from what the API takes anyway. */
export function linearRequest(draft: LinearDraft): Record<string, string | number> {
  const adam = draft.optimizer === "adam";
  return {
    ...(draft.loss === "squared" ? { loss: draft.loss } : {}),
    ...(adam ? { optimizer: draft.optimizer } : {}),
    ...(adam ? Object.fromEntries(NUMBERS.map((name) => [name, Number(draft[name])])) : {}),
    ...(readsHeads(draft) && draft.criteria === "heads" ? { criteria: draft.criteria } : {}),
  };
}

/** What is wrong, by field. */
export function linearProblems(draft: LinearDraft): Problems {
  const found: Problems = {};
  if (draft.optimizer !== "adam") return found;
  for (const name of NUMBERS) {
    const value = draft[name];
    const [least, most] = LIMITS[name];
    if (value === "") found[name] = "required";
    else if (value < least || value > most) found[name] = "range";
  }
  return found;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/** The draft as it was kept; what cannot be read takes its default. */
export function linearFrom(raw: unknown): LinearDraft {
  if (!isRecord(raw)) return LINEAR;
  const numbers = NUMBERS.map((name) => {
    const value = raw[name];
    return [name, value === "" || Number.isFinite(value) ? value : LINEAR[name]];
  });
  return {
    ...LINEAR,
    ...(Object.fromEntries(numbers) as Pick<LinearDraft, (typeof NUMBERS)[number]>),
    loss: raw.loss === "squared" ? "squared" : "preference",
    optimizer: raw.optimizer === "adam" ? "adam" : "newton",
    criteria: raw.criteria === "heads" ? "heads" : "together",
  };
}
