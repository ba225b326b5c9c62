import type { Binding } from "../label/keymap";

type ReviewKey = Pick<Binding, "keys" | "group" | "label">;

/** What the page of one item does beside what it shares with labelling. */
export const REVIEW_KEYS = {
  save: { keys: ["Enter", "Ctrl+Enter"], group: "answer", label: "review:keys.save" },
  next: { keys: ["j"], group: "task", label: "review:keys.next" },
  previous: { keys: ["k"], group: "task", label: "review:keys.previous" },
  done: { keys: ["r"], group: "task", label: "review:keys.done" },
  sources: { keys: ["u"], group: "view", label: "review:keys.sources" },
} as const satisfies Record<string, ReviewKey>;
