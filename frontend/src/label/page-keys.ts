import type { Binding, KeyGroup } from "./keymap";

type PageKey = Pick<Binding, "keys" | "group" | "label" | "held"> & { action: string };

const key = (group: KeyGroup, label: string, keys: readonly string[], held = false): PageKey => ({
  group,
  label,
  action: label,
  keys,
  ...(held ? { held } : {}),
});

/** What the page itself does, whatever is asked, with the keys it has unless a person chose others. */
export const PAGE_KEYS = {
  submit: key("answer", "task.submit", ["Enter", "Ctrl+Enter"]),
  nextQuestion: key("answer", "task.next", ["]"]),
  previousQuestion: key("answer", "task.previous", ["["]),
  undo: key("task", "task.undo", ["z"]),
  back: key("task", "task.back", ["Backspace", "ArrowLeft"]),
  forward: key("task", "task.forward", ["ArrowRight"]),
  skip: key("task", "task.skip", ["s"]),
  flag: key("task", "task.flag", ["f", "r", "!"]),
  understood: key("task", "task.understood", ["y"]),
  diff: key("view", "view.diff", ["d", "v"]),
  dim: key("view", "view.dim", ["e", "q"]),
  search: key("view", "view.search", ["/"]),
  layout: key("view", "view.layout", ["l"]),
  scrolling: key("view", "view.scrolling", ["w"]),
  nextOutput: key("view", "view.nextOutput", ["o"]),
  previousOutput: key("view", "view.previousOutput", ["p"]),
  down: key("view", "view.down", ["j"], true),
  up: key("view", "view.up", ["k"], true),
  larger: key("view", "view.larger", ["+", "."]),
  smaller: key("view", "view.smaller", ["-", ","]),
  plain: key("view", "tool.plain", ["m"]),
  guidelines: key("view", "tool.guidelines", ["g", "i"]),
  keys: key("view", "tool.keys", ["?"]),
} as const satisfies Record<string, PageKey>;

export type PageAction = keyof typeof PAGE_KEYS;

/** Every action of the page, as a table that does nothing. */
export const PAGE_TABLE: readonly Binding[] = Object.values(PAGE_KEYS).map((one) => ({
  ...one,
  run: () => undefined,
}));

const PAGE_ACTIONS: ReadonlySet<string> = new Set(
  Object.values(PAGE_KEYS).map(({ action }) => action),
);

export const isPageAction = (action: string) => PAGE_ACTIONS.has(action);

export const bind = (action: PageAction, run: () => void): Binding => ({
  ...PAGE_KEYS[action],
  run,
});
