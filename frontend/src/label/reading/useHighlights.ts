import { type RefObject, useCallback, useEffect, useRef, useState } from "react";
import { askDiff } from "./ask-diff";
import { findAll, type RenderedText, readRendered, toDocument } from "./rendered-text";
import { type Ranges, rest, type WordDiff } from "./word-diff";

const MOST_HITS = 1000;

/** Names in `::highlight()`; the marks lie over the rendered text and change nothing in it. */
const NAMES = {
  first: "plaudit-first",
  second: "plaudit-second",
  same: "plaudit-same",
  hits: "plaudit-hits",
  hit: "plaudit-hit",
} as const;

export const canHighlight = () => "highlights" in CSS && typeof Highlight === "function";

function paint(name: keyof typeof NAMES, ranges: readonly AbstractRange[]): void {
  if (!canHighlight()) return;
  if (ranges.length === 0) {
    CSS.highlights.delete(NAMES[name]);
    return;
  }
  const highlight = new Highlight(...ranges);
  highlight.priority = name === "hit" ? 2 : name === "hits" ? 1 : 0;
  CSS.highlights.set(NAMES[name], highlight);
}

export type Comparison =
  | { state: "none" | "working" | "tooLong" | "cannot" }
  | { state: "done"; firstWords: number; secondWords: number };

export interface Hit {
  /** The output that it is in; null for the prompt. */
  place: number | null;
  range: StaticRange;
}

interface Shown {
  prompt: RenderedText | null;
  outputs: RenderedText[];
}

const NOTHING: Shown = { prompt: null, outputs: [] };

/** Tasks that are only prepared stand beside the one that is shown. */
function readShown(all: Element, key: string): Shown {
  const root = [...all.querySelectorAll<HTMLElement>("[data-task]")].find(
    (task) => task.dataset.task === key,
  );
  if (!root) return NOTHING;
  const prompt = root.querySelector("[data-part=prompt]");
  return {
    prompt: prompt && readRendered(prompt),
    outputs: [...root.querySelectorAll("[data-part=output]")].map(readRendered),
  };
}

/** Runs after the next picture is on the screen: what is marked is never waited for. */
export function afterPaint(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const frame = requestAnimationFrame(() => {
    timer = setTimeout(work);
  });
  return () => {
    cancelAnimationFrame(frame);
    clearTimeout(timer);
  };
}

/** The text of the task on the screen; read anew when another task or another rendering is shown. */
function useShown(root: RefObject<Element | null>, key: string, wanted: boolean): Shown {
  const [shown, setShown] = useState<Shown>(NOTHING);
  useEffect(() => {
    setShown(NOTHING);
    const element = root.current;
    if (!wanted || !element) return;
    const read = () => setShown(readShown(element, key));
    let cancel = afterPaint(read);
    const observer = new MutationObserver((changes) => {
      // Only what is read: the numbers of words in an output's head are ours.
      const isRead = changes.some(({ target }) =>
        (target instanceof Element ? target : target.parentElement)?.closest("[data-part]"),
      );
      if (!isRead) return;
      cancel();
      cancel = afterPaint(read);
    });
    observer.observe(element, { childList: true, characterData: true, subtree: true });
    return () => {
      cancel();
      observer.disconnect();
    };
  }, [root, key, wanted]);
  return shown;
}

/** Marks the words in which two outputs differ, and dims the others where asked. */
function useComparison(
  shown: Shown,
  pair: [number, number] | null,
  dim: boolean,
  language: string,
): Comparison {
  const [comparison, setComparison] = useState<Comparison>({ state: "none" });
  const first = pair ? shown.outputs[pair[0]] : undefined;
  const second = pair ? shown.outputs[pair[1]] : undefined;

  useEffect(() => {
    const clear = () => {
      for (const name of ["first", "second", "same"] as const) paint(name, []);
    };
    if (!first || !second) {
      setComparison({ state: "none" });
      return;
    }
    if (!canHighlight()) {
      setComparison({ state: "cannot" });
      return;
    }
    let current = true;
    setComparison({ state: "working" });
    void askDiff(first.text, second.text, language).then((diff: WordDiff | null) => {
      if (!current) return;
      if (!diff) {
        setComparison({ state: "tooLong" });
        return;
      }
      const same = (text: RenderedText, ranges: Ranges) =>
        dim ? toDocument(text, rest(ranges, text.text.length)) : [];
      paint("first", toDocument(first, diff.first));
      paint("second", toDocument(second, diff.second));
      paint("same", [...same(first, diff.first), ...same(second, diff.second)]);
      const { firstWords, secondWords } = diff;
      setComparison({ state: "done", firstWords, secondWords });
    });
    return () => {
      current = false;
      clear();
    };
  }, [first, second, dim, language]);

  return comparison;
}

/** Marks the places of a query, one of them as the current one. */
function useHits(shown: Shown, query: string) {
  const [hits, setHits] = useState<Hit[]>([]);
  const [at, setAt] = useState(0);

  useEffect(() => {
    const found: Hit[] = [];
    const add = (text: RenderedText, place: number | null) => {
      const ranges = findAll(text.text, query, MOST_HITS - found.length);
      for (const range of toDocument(text, ranges)) found.push({ place, range });
    };
    if (shown.prompt) add(shown.prompt, null);
    shown.outputs.forEach(add);
    setHits(found);
    setAt(0);
    paint(
      "hits",
      found.map(({ range }) => range),
    );
    return () => paint("hits", []);
  }, [shown, query]);

  const hit = hits[at] ?? null;
  useEffect(() => {
    paint("hit", hit ? [hit.range] : []);
    return () => paint("hit", []);
  }, [hit]);

  const step = useCallback(
    (by: 1 | -1) =>
      setAt((now) => (hits.length === 0 ? 0 : (now + by + hits.length) % hits.length)),
    [hits.length],
  );
  return { hit, at, total: hits.length, most: hits.length >= MOST_HITS, step };
}

/** Everything that is drawn over the task on the screen. */
export function useHighlights({
  root,
  taskKey,
  pair,
  dim,
  query,
  language,
}: {
  root: RefObject<Element | null>;
  taskKey: string;
  pair: [number, number] | null;
  dim: boolean;
  query: string;
  language: string;
}) {
  const shown = useShown(root, taskKey, pair !== null || query !== "");
  const comparison = useComparison(shown, pair, dim, language);
  const hits = useHits(shown, query);
  return { comparison, hits };
}

/** Brings a place of the text into view, in its own pane and on the page. */
export function reveal(range: StaticRange): void {
  const live = document.createRange();
  live.setStart(range.startContainer, range.startOffset);
  live.setEnd(range.endContainer, range.endOffset);
  const pane = range.startContainer.parentElement?.closest("[data-pane]");
  if (pane && pane.scrollHeight > pane.clientHeight) {
    const middle = pane.getBoundingClientRect().top + pane.clientHeight / 2;
    pane.scrollTop += live.getBoundingClientRect().top - middle;
  }
  const { top, bottom } = live.getBoundingClientRect();
  const dock = document.querySelector("[data-dock]")?.getBoundingClientRect().top;
  const end = Math.min(window.innerHeight, dock ?? window.innerHeight);
  if (top < 48 || bottom > end - 8) window.scrollBy({ top: top - end / 3 });
}

export function useRevealed(hit: Hit | null, onPlace: (place: number) => void): void {
  const done = useRef<Hit | null>(null);
  useEffect(() => {
    if (hit === null || hit === done.current) return;
    done.current = hit;
    if (hit.place !== null) onPlace(hit.place);
    return afterPaint(() => reveal(hit.range));
  }, [hit, onPlace]);
}
