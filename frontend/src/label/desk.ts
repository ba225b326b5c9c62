import type { Answer, Answers, JudgmentStatus, QueueItem, QueueReason } from "../api/types";
import type { Draft } from "./answers";

/** How many tasks are kept ready, the one on the screen included. */
export const RING_SIZE = 5;

/** What a judgment leans on: a lease, or the own judgment that it replaces. */
export type Origin = { lease: string } | { supersedes: string };

/** A judgment that was made, as long as the page remembers it. */
export interface Done {
  uuid: string;
  item: QueueItem;
  status: JudgmentStatus;
  answers: Answers;
  reason: string;
  origin: Origin;
  /** The judgment that this one replaced. */
  previous: Done | null;
}

/** Everything the labelling page knows: tasks ready, judgments made, and what is on the screen. */
export interface Desk {
  /** Tasks ready; the first is the current one. */
  ring: QueueItem[];
  /**
   * Leases judged here: the server may still offer one while its judgment is on the way. Not items: one
   * that was judged before may come again.
   */
  answered: ReadonlySet<string>;
  /** Oldest first. */
  history: Done[];
  /** Which judgment of the history is on the screen; null shows the current task. */
  cursor: number | null;
  /** Unfinished answers by task or judgment. */
  drafts: Readonly<Record<string, Draft>>;
  /** Reasons chosen for answers that are not given yet, by task or judgment. */
  reasons: Readonly<Record<string, string>>;
  remaining: number | null;
  /** Why the server had nothing, when it had nothing. */
  reason: QueueReason | null;
  /** True once the server has answered for the first time. */
  loaded: boolean;
  /** True when the server had nothing more than the ring holds. */
  exhausted: boolean;
}

export const EMPTY_DESK: Desk = {
  ring: [],
  answered: new Set(),
  history: [],
  cursor: null,
  drafts: {},
  reasons: {},
  remaining: null,
  reason: null,
  loaded: false,
  exhausted: false,
};

export type DeskAction =
  | {
      type: "loaded";
      items: QueueItem[];
      asked: number;
      remaining: number;
      reason: QueueReason | null;
      /** Items whose judgments wait in the outbox. */
      unsent: readonly string[];
    }
  /** Judged in another tab. */
  | { type: "elsewhere"; items: readonly string[] }
  | { type: "edited"; question: string; answer: Answer | undefined }
  /** Why one will have answered so; empty takes it back. */
  | { type: "explained"; reason: string }
  | { type: "submitted"; done: Done }
  | { type: "takenBack"; done: Done }
  /** A reason was given for a judgment; where that made an edit of it, the edit takes its place. */
  | { type: "reasoned"; uuid: string; done: Done }
  | { type: "opened"; uuid: string }
  | { type: "reopened"; done: Done }
  | { type: "remembered"; done: Done }
  /** Leases that run on. */
  | { type: "renewed"; leases: readonly { lease: string; expires_at: string }[] }
  | { type: "back" }
  | { type: "forward" };

export interface View {
  item: QueueItem;
  /** The judgment being looked at again, null for a fresh task. */
  editing: Done | null;
  draft: Draft;
  /** Why one answers so, where that was said. */
  reason: string;
  key: string;
}

export function viewOf(desk: Desk): View | null {
  if (desk.cursor !== null) {
    const done = desk.history[desk.cursor];
    if (done) {
      const { uuid: key, item, answers } = done;
      const reason = desk.reasons[key] ?? reasonOf(done);
      return { item, editing: done, draft: desk.drafts[key] ?? answers, reason, key };
    }
  }
  const [item] = desk.ring;
  if (!item) return null;
  const { item: key } = item;
  return {
    item,
    editing: null,
    draft: desk.drafts[key] ?? {},
    reason: desk.reasons[key] ?? "",
    key,
  };
}

/** Why an answer was given; the reason of a skip is another matter. */
const reasonOf = ({ status, reason }: Done) => (status === "submitted" ? reason : "");

/** Drops what was begun for some tasks or judgments. */
function withoutDrafts(desk: Desk, keys: readonly string[]): Pick<Desk, "drafts" | "reasons"> {
  const left = <T>(kept: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(kept).filter(([key]) => !keys.includes(key)));
  return { drafts: left(desk.drafts), reasons: left(desk.reasons) };
}

function without(set: ReadonlySet<string>, value: string): ReadonlySet<string> {
  return new Set([...set].filter((one) => one !== value));
}

function load(desk: Desk, action: Extract<DeskAction, { type: "loaded" }>): Desk {
  const offered = new Map(action.items.map((item) => [item.item, item]));
  const unsent = new Set(action.unsent);
  const isDone = (item: QueueItem) => desk.answered.has(item.lease) || unsent.has(item.item);
  // A task keeps its place and the order of its outputs, also when its lease is a newer one.
  const kept = desk.ring.map((item) => {
    const { lease, expires_at } = offered.get(item.item) ?? item;
    return { ...item, lease, expires_at };
  });
  const known = new Set(kept.map((item) => item.item));
  const fresh = action.items.filter((item) => !known.has(item.item) && !isDone(item));
  const still = action.items.filter(isDone).length;
  return {
    ...desk,
    ring: [...kept, ...fresh],
    remaining: Math.max(0, action.remaining - still),
    reason: action.reason,
    loaded: true,
    exhausted: action.items.length < action.asked,
  };
}

function submit(desk: Desk, done: Done): Desk {
  const replaced = desk.cursor === null ? undefined : desk.history[desk.cursor]?.uuid;
  const fresh = replaced === undefined;
  return {
    ...desk,
    ring: desk.ring.filter((item) => item.lease !== done.item.lease),
    answered: new Set([...desk.answered, done.item.lease]),
    history: [...desk.history.filter((one) => one.uuid !== replaced), done],
    cursor: null,
    ...withoutDrafts(desk, [done.item.item, replaced ?? ""]),
    remaining: fresh && desk.remaining !== null ? Math.max(0, desk.remaining - 1) : desk.remaining,
  };
}

/** A judgment left the outbox unsent: its task comes back, with the answers and the reason it had. */
function takeBack(desk: Desk, done: Done): Desk {
  const key = done.previous?.uuid ?? done.item.item;
  const drafts = { ...desk.drafts, [key]: done.answers };
  const reasons = { ...desk.reasons, [key]: reasonOf(done) };
  const history = desk.history.filter((one) => one.uuid !== done.uuid);
  if (done.previous) {
    return {
      ...desk,
      history: [...history, done.previous],
      cursor: history.length,
      drafts,
      reasons,
    };
  }
  return {
    ...desk,
    ring: [done.item, ...desk.ring],
    answered: without(desk.answered, done.item.lease),
    history,
    cursor: null,
    drafts,
    reasons,
    remaining: desk.remaining === null ? null : desk.remaining + 1,
  };
}

function move(desk: Desk, step: -1 | 1): Desk {
  const place = (desk.cursor ?? desk.history.length) + step;
  if (place < 0 || desk.history.length === 0) return desk;
  return { ...desk, cursor: place >= desk.history.length ? null : place };
}

export function deskReducer(desk: Desk, action: DeskAction): Desk {
  switch (action.type) {
    case "loaded":
      return load(desk, action);
    case "elsewhere": {
      const gone = new Set(action.items);
      const dropped = desk.ring.filter((item) => gone.has(item.item));
      if (dropped.length === 0) return desk;
      return {
        ...desk,
        ...withoutDrafts(desk, action.items),
        ring: desk.ring.filter((item) => !gone.has(item.item)),
        answered: new Set([...desk.answered, ...dropped.map((item) => item.lease)]),
      };
    }
    case "edited": {
      const view = viewOf(desk);
      if (!view) return desk;
      const draft = { ...view.draft };
      if (action.answer === undefined) delete draft[action.question];
      else draft[action.question] = action.answer;
      return { ...desk, drafts: { ...desk.drafts, [view.key]: draft } };
    }
    case "explained": {
      const view = viewOf(desk);
      return view ? { ...desk, reasons: { ...desk.reasons, [view.key]: action.reason } } : desk;
    }
    case "submitted":
      return submit(desk, action.done);
    case "takenBack":
      return takeBack(desk, action.done);
    case "reasoned":
      return {
        ...desk,
        history: desk.history.map((one) => (one.uuid === action.uuid ? action.done : one)),
      };
    case "opened": {
      const place = desk.history.findIndex((done) => done.uuid === action.uuid);
      return place < 0 ? desk : { ...desk, cursor: place };
    }
    case "reopened": {
      const history = desk.history.filter((done) => done.uuid !== action.done.uuid);
      return { ...desk, history: [...history, action.done], cursor: history.length };
    }
    case "remembered": {
      if (desk.history.some((done) => done.uuid === action.done.uuid)) return desk;
      return { ...desk, history: [action.done, ...desk.history], cursor: 0 };
    }
    case "renewed": {
      const ends = new Map(action.leases.map(({ lease, expires_at }) => [lease, expires_at]));
      const ring = desk.ring.map((item) => {
        const expires_at = ends.get(item.lease);
        return expires_at === undefined ? item : { ...item, expires_at };
      });
      return { ...desk, ring };
    }
    case "back":
      return move(desk, -1);
    case "forward":
      return move(desk, 1);
  }
}
