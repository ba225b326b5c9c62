import type { Question } from "../api/types";
import { type Desk, EMPTY_DESK } from "./desk";

/** What was begun and not submitted yet. */
export type Begun = Pick<Desk, "drafts" | "reasons">;

/** So many tasks at the most; those begun last are kept. */
const MOST = 20;

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;

interface Where {
  account: string;
  project: string;
  questions: readonly Question[];
}

const nameOf = ({ account, project }: Where) => `plaudit.drafts.${account}.${project}`;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Takes up what this tab had begun before it was loaded again; nothing where the questions have changed since. */
export function loadDrafts(store: Store, where: Where): Begun {
  const nothing = { drafts: EMPTY_DESK.drafts, reasons: EMPTY_DESK.reasons };
  try {
    const kept: unknown = JSON.parse(store.getItem(nameOf(where)) ?? "null");
    if (!isRecord(kept) || kept.questions !== JSON.stringify(where.questions)) return nothing;
    if (!isRecord(kept.drafts) || !isRecord(kept.reasons)) return nothing;
    // Written by `storeDrafts` for the same questions.
    return { drafts: kept.drafts, reasons: kept.reasons } as Begun;
  } catch {
    return nothing;
  }
}

/** Keeps what was begun for the life of this tab. */
export function storeDrafts(store: Store, where: Where, { drafts, reasons }: Begun): void {
  const last = <T extends object | string>(all: Readonly<Record<string, T>>) =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([, one]) => Object.keys(one).length > 0)
        .slice(-MOST),
    );
  const kept = { drafts: last(drafts), reasons: last(reasons) };
  try {
    if (Object.keys(kept.drafts).length + Object.keys(kept.reasons).length === 0) {
      store.removeItem(nameOf(where));
    } else {
      const questions = JSON.stringify(where.questions);
      store.setItem(nameOf(where), JSON.stringify({ questions, ...kept }));
    }
  } catch {
    // A full or forbidden store: what was begun then lasts as long as the page.
  }
}
