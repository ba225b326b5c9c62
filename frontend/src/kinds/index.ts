import type { Question } from "../api/types";
import type { Kind } from "./kind";

const found = import.meta.glob<Kind>("./*/kind.tsx", { eager: true, import: "default" });

/** Every kind that has a folder here, in the order of the menus. */
export const KINDS: readonly Kind[] = Object.values(found).sort((a, b) => a.order - b.order);

const BY_NAME = new Map<string, Kind>(KINDS.map((kind) => [kind.name, kind]));

/** The kind of a question; none where a newer server asks what this page does not know. */
export const kindOf = (question: Pick<Question, "kind">): Kind | undefined =>
  BY_NAME.get(question.kind);

/** The catalogue with a kind's words. */
export const wordsOf = (kind: string) => `kind-${kind}`;

/** The catalogues of all kinds, for pages that name them all. */
export const KIND_WORDS: readonly string[] = KINDS.map((kind) => wordsOf(kind.name));

/** The kind that an answer belongs to by its shape. */
export const kindOfAnswer = (answer: Readonly<Record<string, unknown>>): Kind | undefined =>
  KINDS.find((kind) => kind.isAnswer(answer));
