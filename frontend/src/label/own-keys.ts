import { actionOf, type Binding, type Named } from "./keymap";

/** A key that a person has chosen, with the words for what it does where its panel is not open. */
export interface OwnKey {
  key: string;
  label: string;
  values?: Record<string, string | number>;
}
/** By action. */
export type OwnKeys = Readonly<Record<string, OwnKey>>;

/** Keys that panels answer with by default: a page's own action must not take them away from a project. */
const ANSWERING = new Set([..."0123456789abcdefgh-=xc", "ArrowUp", "ArrowDown"]);
/** Keys that leave, move the focus, or belong to the browser. */
const KEPT =
  /^(Escape|Tab|F\d+|Dead|Unidentified|Process|CapsLock|NumLock|ContextMenu|Ctrl\+Enter)$/;

const MOST = 200;

/** The keys of one binding: the chosen one in place of the defaults. Ctrl+Enter always stays beside it. */
export function keysOf(binding: Named, own: OwnKeys): readonly string[] {
  const chosen = own[actionOf(binding)]?.key;
  if (chosen === undefined) return binding.keys;
  return [chosen, ...binding.keys.filter((key) => key === "Ctrl+Enter" && key !== chosen)];
}

/** The table with a person's own keys; what it does stays as it is. */
export function withOwnKeys(table: readonly Binding[], own: OwnKeys): Binding[] {
  return table.map((binding) => {
    const keys = keysOf(binding, own);
    return keys === binding.keys ? binding : { ...binding, action: actionOf(binding), keys };
  });
}

/** The first key that each action answers to, of those that nothing earlier in the table has; "" where none is left. */
export function firstKeys(
  table: readonly Binding[],
  own: OwnKeys,
): Readonly<Record<string, string>> {
  const taken = new Set<string>();
  const first: Record<string, string> = {};
  for (const binding of table) {
    const free = keysOf(binding, own).filter((key) => !taken.has(key));
    for (const key of free) taken.add(key);
    first[actionOf(binding)] ??= free[0] ?? "";
  }
  return first;
}

export type Refusal =
  | { why: "kept"; key: string }
  | { why: "answers"; key: string }
  | { why: "taken"; key: string; label: string; values?: Record<string, string | number> };

/**
 * Why a key cannot be given to an action, or null if it can.
 *
 * `table` has everything that may be pressed at this moment with the defaults; what other projects' panels
 * were given stands in `own`. `page` says that the action is there whatever is asked.
 */
export function refusalOf(
  target: Named,
  key: string,
  table: readonly Binding[],
  own: OwnKeys,
  page: boolean,
): Refusal | null {
  if (KEPT.test(key)) return { why: "kept", key };
  if (target.keys.includes(key)) {
    // Its own default, unless another action was given it.
    const rival = rivalOf(target, key, table, own);
    return rival && rival.keys[0] === key && own[actionOf(rival)] ? taken(key, rival) : null;
  }
  const rival = rivalOf(target, key, table, own);
  if (rival) return taken(key, rival);
  if (page && ANSWERING.has(key)) return { why: "answers", key };
  const here = new Set(table.map(actionOf));
  const elsewhere = Object.entries(own).find(
    ([action, one]) => one.key === key && action !== actionOf(target) && !here.has(action),
  );
  return page && elsewhere ? taken(key, elsewhere[1]) : null;
}

function rivalOf(target: Named, key: string, table: readonly Binding[], own: OwnKeys) {
  return withOwnKeys(table, own).find(
    (binding) => actionOf(binding) !== actionOf(target) && binding.keys.includes(key),
  );
}

const taken = (key: string, { label, values }: Pick<OwnKey, "label" | "values">): Refusal => ({
  why: "taken",
  key,
  label,
  values,
});

/** The choices with one more; giving an action its first default forgets the choice. */
export function withKey(own: OwnKeys, binding: Binding, key: string): OwnKeys {
  const action = actionOf(binding);
  if (key === binding.keys[0]) return withoutKey(own, action);
  const { label, values } = binding;
  return { ...own, [action]: values ? { key, label, values } : { key, label } };
}

export function withoutKey(own: OwnKeys, action: string): OwnKeys {
  const { [action]: _dropped, ...rest } = own;
  return rest;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads what an account has stored; what is not in this shape is left out. */
export function readOwnKeys(stored: unknown): OwnKeys {
  if (!isRecord(stored)) return {};
  const own: Record<string, OwnKey> = {};
  for (const [action, one] of Object.entries(stored).slice(0, MOST)) {
    if (!isRecord(one) || typeof one.key !== "string" || typeof one.label !== "string") continue;
    if (one.key === "" || KEPT.test(one.key)) continue;
    const values = isRecord(one.values)
      ? Object.entries(one.values).filter(
          (pair): pair is [string, string | number] =>
            typeof pair[1] === "string" || typeof pair[1] === "number",
        )
      : [];
    own[action] = {
      key: one.key,
      label: one.label,
      ...(values.length > 0 ? { values: Object.fromEntries(values) } : {}),
    };
  }
  return own;
}
