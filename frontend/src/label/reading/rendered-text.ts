import type { Ranges } from "./word-diff";

/** A text as it stands on the screen, with the nodes that hold it. */
export interface RenderedText {
  text: string;
  nodes: Text[];
  /** Where each node's text begins in `text`. */
  starts: number[];
}

const BLOCKS = "p, li, pre, td, th, h4, h5, h6, blockquote, dt, dd, div, header, section, article";

/** Reads what is below an element; blocks are kept apart by a line break, and hidden copies left out. */
export function readRendered(root: Element): RenderedText {
  const rendered: RenderedText = { text: "", nodes: [], starts: [] };
  // Mathematics is there twice: once to be seen, once as MathML for screen readers.
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, {
    acceptNode: (node) =>
      node instanceof Element && node.matches(".katex-mathml, [data-not-text]")
        ? NodeFilter.FILTER_REJECT
        : NodeFilter.FILTER_ACCEPT,
  });
  let block: Element | null = null;
  const pieces: string[] = [];
  let length = 0;
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (!(node instanceof Text) || node.data === "") continue;
    const own = node.parentElement?.closest(BLOCKS) ?? null;
    if (own !== block && length > 0) {
      pieces.push("\n");
      length += 1;
    }
    block = own;
    rendered.nodes.push(node);
    rendered.starts.push(length);
    pieces.push(node.data);
    length += node.data.length;
  }
  rendered.text = pieces.join("");
  return rendered;
}

/** The place of the last start that is not after `offset`. */
function nodeAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Ranges of the text as ranges of the document. */
export function toDocument({ nodes, starts }: RenderedText, ranges: Ranges): StaticRange[] {
  const found: StaticRange[] = [];
  for (let place = 0; place + 1 < ranges.length; place += 2) {
    const from = ranges[place] ?? 0;
    const to = ranges[place + 1] ?? 0;
    const first = nodeAt(starts, from);
    const last = nodeAt(starts, Math.max(from, to - 1));
    const startContainer = nodes[first];
    const endContainer = nodes[last];
    if (!startContainer || !endContainer) continue;
    found.push(
      new StaticRange({
        startContainer,
        startOffset: Math.min(from - (starts[first] ?? 0), startContainer.length),
        endContainer,
        endOffset: Math.min(to - (starts[last] ?? 0), endContainer.length),
      }),
    );
  }
  return found;
}

/** Every place of `query`, without regard to case, at most `most`. */
export function findAll(text: string, query: string, most: number): Ranges {
  const found: Ranges = [];
  if (query === "") return found;
  const pattern = new RegExp(query.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"), "giu");
  for (const match of text.matchAll(pattern)) {
    found.push(match.index, match.index + match[0].length);
    if (found.length >= 2 * most) break;
  }
  return found;
}
