/** How a person reads: layout, scrolling, size, comparison. Kept in this browser, per account. */

export const LAYOUTS = ["side", "stacked", "single"] as const;
export const SCROLLINGS = ["page", "together", "apart"] as const;
export const SIZES = [0.85, 1, 1.15, 1.3, 1.5, 1.75, 2] as const;

export interface Reading {
  /** Beside each other where there is room, below each other, or one at a time. */
  layout: (typeof LAYOUTS)[number];
  /** The whole page, or each output by itself: all in step, or each alone. */
  scrolling: (typeof SCROLLINGS)[number];
  /** Place in `SIZES`. */
  size: number;
  /** Which pair of outputs is compared, by its place in `pairsOf`. */
  pair: number | null;
  /** Whether what both say is dimmed. */
  dim: boolean;
  plain: boolean;
}

export const USUAL: Reading = {
  layout: "side",
  scrolling: "page",
  size: 1,
  pair: null,
  dim: false,
  plain: false,
};

/** The same everywhere; the rest is a matter of what a project shows. */
const PERSONAL = ["size", "dim"] as const;

export const nextOf = <T>(all: readonly T[], current: T): T =>
  all[(all.indexOf(current) + 1) % all.length] ?? current;

/** The pairs of outputs by place: A and B, A and C, ..., B and C, ... */
export function pairsOf(count: number): [number, number][] {
  const pairs: [number, number][] = [];
  for (let first = 0; first < count; first++) {
    for (let second = first + 1; second < count; second++) pairs.push([first, second]);
  }
  return pairs;
}

/** The pair after this one, and after the last none. */
export function nextPair(pair: number | null, count: number): number | null {
  const next = pair === null ? 0 : pair + 1;
  return next < pairsOf(count).length ? next : null;
}

/** A remembered pair in a task that may have fewer outputs. */
export function pairIn(pair: number | null, count: number): [number, number] | null {
  if (pair === null) return null;
  const pairs = pairsOf(count);
  return pairs[pair] ?? pairs[0] ?? null;
}

function isReading(value: unknown): value is Partial<Reading> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What is stored, as far as it makes sense. */
function checked(stored: unknown): Partial<Reading> {
  if (!isReading(stored)) return {};
  const { layout, scrolling, size, pair, dim, plain } = stored;
  const known: Partial<Reading> = {};
  if (layout && LAYOUTS.includes(layout)) known.layout = layout;
  if (scrolling && SCROLLINGS.includes(scrolling)) known.scrolling = scrolling;
  if (typeof size === "number" && SIZES[size] !== undefined) known.size = size;
  if (pair === null || (Number.isInteger(pair) && Number(pair) >= 0)) known.pair = pair;
  if (typeof dim === "boolean") known.dim = dim;
  if (typeof plain === "boolean") known.plain = plain;
  return known;
}

const keyOf = (account: string, project?: string) =>
  ["plaudit.reading", account, project].filter((part) => part !== undefined).join(".");

function load(storage: Storage, key: string): Partial<Reading> {
  try {
    return checked(JSON.parse(storage.getItem(key) ?? "null"));
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** A project's own settings; a new project begins with what was chosen last. */
export function loadReading(storage: Storage, account: string, project: string): Reading {
  const everywhere = load(storage, keyOf(account));
  const here = load(storage, keyOf(account, project));
  const reading = { ...USUAL, ...everywhere, ...here };
  for (const name of PERSONAL) Object.assign(reading, { [name]: everywhere[name] ?? USUAL[name] });
  return reading;
}

export function storeReading(
  storage: Storage,
  account: string,
  project: string,
  reading: Reading,
): void {
  const text = JSON.stringify(reading);
  for (const key of [keyOf(account), keyOf(account, project)]) {
    try {
      storage.setItem(key, text);
    } catch (error) {
      // A full or forbidden storage costs the memory of a choice, and nothing else.
      if (!(error instanceof DOMException)) throw error;
    }
  }
}
