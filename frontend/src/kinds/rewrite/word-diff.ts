import { diffWordsWithSpace } from "diff";

/** A passage that both texts have, or that only one has. */
export interface Part {
  kind: "same" | "added" | "removed";
  text: string;
}

export interface WordDiff {
  parts: Part[];
  /** Words that were added and words that were taken away. */
  added: number;
  removed: number;
}

/** Beyond this many changed words, texts are too different for a comparison word by word to help. */
const MOST_EDITS = 2_000;

const segmenter = new Intl.Segmenter(undefined, { granularity: "word" });

/** The words in a text; in scripts without spaces too. */
export function wordCount(text: string): number {
  let count = 0;
  for (const { isWordLike } of segmenter.segment(text)) if (isWordLike) count++;
  return count;
}

/** What changed from one text to another, word by word; null where nearly everything did. */
export function wordDiff(before: string, after: string): WordDiff | null {
  const changes = diffWordsWithSpace(before, after, {
    intlSegmenter: segmenter,
    maxEditLength: MOST_EDITS,
  });
  if (!changes) return null;
  const parts = changes.map(
    ({ value, added, removed }): Part => ({
      kind: added ? "added" : removed ? "removed" : "same",
      text: value,
    }),
  );
  const words = (kind: Part["kind"]) =>
    parts.filter((part) => part.kind === kind).reduce((sum, { text }) => sum + wordCount(text), 0);
  return { parts, added: words("added"), removed: words("removed") };
}
