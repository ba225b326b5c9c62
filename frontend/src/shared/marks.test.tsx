import { render } from "@testing-library/react";
import { beforeAll, describe, expect, it } from "vitest";
import { Markdown, preloadMarkdown } from "./Markdown";
import type { Mark } from "./marks";
import { isExact, pageRangeOf, piecesOf, rangeOfPiece, rawRangeOf } from "./source-dom";

beforeAll(preloadMarkdown);

function shown(text: string, marks: readonly Mark[] = [], plain = false): HTMLElement {
  const { container } = render(
    <Markdown marks={marks} plain={plain}>
      {text}
    </Markdown>,
  );
  return container;
}

/** Texts with everything that moves offsets, put together at random. */
const PARTS = [
  "plain words here",
  "👍🏽 thumbs 👩‍👩‍👧 up",
  "𠀀𠀁 ext B 漢字。",
  "e\u0301te\u0301 combining",
  "**bold *nested* text**",
  "~~gone~~ and `inline code` here",
  "`` a ` tick ``",
  "[a link](https://example.org/x_y) after",
  "<https://example.org/a> and www.example.org too",
  "mail me@example.org now",
  "AT&amp;T &lt;tag&gt; &#x1F600; &copy; &nbsp;x",
  "escaped \\*stars\\* and \\\\ slash",
  "5 < 6 <b>html</b> text",
  "![a picture](https://example.org/p.png) end",
  "cost $5 and $10",
  "so $x^2$ holds",
  "and \\(y\\) too",
  "note[^1] here",
  "  leading and trailing  ",
  "tab\tinside",
];
const BLOCKS = [
  (line: string) => line,
  (line: string) => `# ${line}`,
  (line: string) => `> ${line}\n> more ${line}`,
  (line: string) => `> > deep ${line}\nlazy ${line}`,
  (line: string) => `- ${line}\n  wrapped ${line}\n- [x] done ${line}`,
  (line: string) => `1. ${line}\n\n   second ${line}`,
  (line: string) => `| a | b |\n| - | :-: |\n| ${line.trim()} | x \\| y |`,
  (line: string) => `\`\`\`python\n${line}\n\n  return "${line}"\n\`\`\``,
  (line: string) => `> ~~~\n> ${line}\n>   two\n> ~~~`,
  (line: string) => `    indented ${line}\n    code`,
  (line: string) => `<div>\n${line}\n</div>`,
  (line: string) => `${line}\n${line}  \n${line}\\\nlast`,
  () => "$$\na + b\n$$",
  () => "[^1]: the note 👍 itself",
];

/** A small generator (mulberry32), so that a failure comes again. */
function randoms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

function textOf(seed: number): string {
  const random = randoms(seed);
  const pick = <T,>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const blocks = Array.from({ length: 1 + Math.floor(random() * 4) }, () => {
    const line = Array.from({ length: 1 + Math.floor(random() * 3) }, () => pick(PARTS)).join(" ");
    return pick(BLOCKS)(line);
  });
  const text = blocks.join("\n\n");
  const ends = pick(["\n", "\n", "\r\n"]);
  return `${pick(["", "", "\ufeff", "\n "])}${text.replaceAll("\n", ends)}`;
}

const SEEDS = Array.from({ length: 80 }, (_, seed) => seed);

describe("the map from what is shown to what is written", { timeout: 60_000 }, () => {
  it("finds every shown character at its place", () => {
    let exact = 0;
    let whole = 0;
    for (const seed of SEEDS) {
      const text = textOf(seed);
      const container = shown(text);
      for (const piece of piecesOf(container)) {
        const { start, end } = rangeOfPiece(piece);
        const value = piece.textContent ?? "";
        expect(start, text).toBeLessThanOrEqual(end);
        // A formula in indented code is shown as it was rewritten for the parser.
        if (value.includes("$$")) continue;
        if (isExact(piece)) {
          exact += value.length;
          expect(text.slice(start, end).replace(/\r\n?/g, "\n"), text).toBe(
            value.replace(/\r\n?/g, "\n"),
          );
        } else if (piece.dataset.whole === undefined) {
          whole += value.length;
        }
      }
      container.remove();
    }
    // Escapes, entities, line ends and notes are all that does not stand there as it is shown.
    expect(whole / exact).toBeLessThan(0.05);
  });

  it("misses no word", () => {
    for (const seed of SEEDS) {
      const text = textOf(seed);
      const container = shown(text);
      const walker = document.createTreeWalker(container, NodeFilter.SHOW_TEXT);
      for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const parent = node.parentElement;
        if ((node.nodeValue ?? "").trim() === "" || parent?.closest("[data-start]")) continue;
        // What the page adds: the hosts of links, and the way back from a note.
        const isAdded =
          /^(?:↩|\d)$/.test(node.nodeValue ?? "") || parent?.closest("[class*=target], h5");
        expect(isAdded, `${text}\n${node.nodeValue}`).toBeTruthy();
      }
      container.remove();
    }
  });

  it("goes to the page and back", () => {
    for (const seed of SEEDS) {
      const random = randoms(seed + 1000);
      const text = textOf(seed);
      const container = shown(text);
      const exact = piecesOf(container).filter((piece) => isExact(piece) && piece.textContent);
      for (let round = 0; round < 8 && exact.length > 0; round++) {
        const ends = [0, 1].map(() => {
          const piece = exact[Math.floor(random() * exact.length)] as HTMLElement;
          const { start, end } = rangeOfPiece(piece);
          return start + Math.floor(random() * (end - start));
        });
        const start = Math.min(...ends);
        const end = Math.max(...ends) + 1;
        const range = pageRangeOf(container, { start, end });
        expect(range, text).not.toBeNull();
        if (range && !text.includes("[^1]: ")) {
          expect(rawRangeOf(container, range), text).toEqual({ start, end });
        }
      }
      container.remove();
    }
  });

  it("draws marks over what they cover, and changes no text", () => {
    for (const seed of SEEDS) {
      const random = randoms(seed + 2000);
      const text = textOf(seed);
      const bare = shown(text);
      const marks = Array.from({ length: 3 }, (_, number) => {
        const start = Math.floor(random() * text.length);
        const end = start + 1 + Math.floor(random() * 20);
        return { start, end: Math.min(end, text.length), kind: "label-0", id: String(number) };
      });
      const container = shown(text, marks);
      expect(container.textContent, text).toBe(bare.textContent);
      for (const mark of marks) {
        const pieces = piecesOf(container);
        for (const piece of pieces) {
          const { start, end } = rangeOfPiece(piece);
          const isCovered = mark.start < end && mark.end > start;
          expect(piece.closest(`[data-mark="${mark.id}"]`) !== null, text).toBe(isCovered);
          if (isCovered && isExact(piece)) {
            expect(start).toBeGreaterThanOrEqual(mark.start);
            expect(end).toBeLessThanOrEqual(mark.end);
          }
        }
      }
      bare.remove();
      container.remove();
    }
  });
});

function rawOf(text: string, words: string, plain = false): string | null {
  const container = shown(text, [], plain);
  const all = document.createRange();
  const walker = document.createTreeWalker(container, NodeFilter.SHOW_TEXT);
  const nodes: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) nodes.push(node as Text);
  const whole = nodes.map((node) => node.data).join("");
  let from = whole.indexOf(words);
  let to = from + words.length;
  expect(from).toBeGreaterThanOrEqual(0);
  for (const node of nodes) {
    if (from >= 0 && from < node.length) all.setStart(node, from);
    if (to > 0 && to <= node.length) all.setEnd(node, to);
    from -= node.length;
    to -= node.length;
  }
  const raw = rawRangeOf(container, all);
  return raw && text.slice(raw.start, raw.end);
}

describe("a selection", () => {
  it.each([
    ["👍 a **bold** word", "bold", "bold"],
    ["👍 a **bold** word", "a bold word", "a **bold** word"],
    ["AT&amp;T works", "T&T", "T&amp;T"],
    ["AT&amp;T works", "&", "&amp;"],
    ["a \\*b\\* c", "*b*", "\\*b\\*"],
    ["> one\n> two three", "two", "two"],
    ["> one\r\n> two three", "one\ntwo", "one\r\n> two"],
    ["see [the 𠀀 page](https://example.org) now", "𠀀 page", "𠀀 page"],
    ["```\n a\n  b\n```", "b", "b"],
    ["| x | y \\| z |\n| - | - |", "y | z", "y \\| z"],
    ["so $x^2$ holds", "holds", "holds"],
    ["first\n\\[a+b\\]\nlast line", "last", "last"],
    ["x &#x1F600; y", "😀 y", "&#x1F600; y"],
  ])("in %j of %j is %j", (text, words, raw) => {
    expect(rawOf(text, words)).toBe(raw);
  });

  it("in the plain view is the text itself", () => {
    expect(rawOf("a **b** &amp;", "** &a", true)).toBe("** &a");
  });
});

describe("overlapping marks", () => {
  const marks: Mark[] = [
    { start: 0, end: 9, kind: "label-0", id: "one", label: "wrong" },
    { start: 4, end: 15, kind: "label-1", id: "two", label: "style" },
  ];

  it.each([false, true])("are nested, each with its label at its end (plain: %s)", (plain) => {
    const container = shown("one two three four", marks, plain);
    const pieces = piecesOf(container).map((piece) => [
      piece.textContent,
      [...container.querySelectorAll("[data-mark]")]
        .filter((mark) => mark.contains(piece))
        .map((mark) => mark.getAttribute("data-mark")),
    ]);
    expect(pieces).toEqual([
      ["one ", ["one"]],
      ["two t", ["one", "two"]],
      ["hree f", ["two"]],
      ["our", []],
    ]);
    const labels = [...container.querySelectorAll("[data-mark-label]")];
    expect(labels.map((label) => label.textContent)).toEqual(["wrong", "style"]);
  });
});
