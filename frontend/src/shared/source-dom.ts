/**
 * Between the page and raw texts: elements with `data-start` and `data-end` say which part of the
 * raw text they show, in UTF-16 units; see `rehype-marks.ts`.
 */

export interface RawRange {
  start: number;
  end: number;
}

/** The elements of a text that show a part of it, in the order of the page. */
export const piecesOf = (root: Element): HTMLElement[] => [
  ...root.querySelectorAll<HTMLElement>("[data-start]"),
];

export const rangeOfPiece = (piece: HTMLElement): RawRange => ({
  start: Number(piece.dataset.start),
  end: Number(piece.dataset.end),
});

/** Whether each character of a piece is the character at its place in the raw text. */
export function isExact(piece: HTMLElement): boolean {
  const { start, end } = rangeOfPiece(piece);
  return piece.dataset.whole === undefined && (piece.textContent ?? "").length === end - start;
}

/** The characters of a piece before a place in it. */
function charactersBefore(piece: Node, container: Node, offset: number): number {
  const range = document.createRange();
  range.setStart(piece, 0);
  range.setEnd(container, offset);
  return range.toString().length;
}

function offsetInPiece(
  piece: HTMLElement,
  container: Node,
  offset: number,
  side: keyof RawRange,
): number {
  const { start, end } = rangeOfPiece(piece);
  const before = charactersBefore(piece, container, offset);
  if (isExact(piece)) return start + before;
  const length = (piece.textContent ?? "").length;
  if (side === "start") return before >= length && length > 0 ? end : start;
  return before <= 0 && length > 0 ? start : end;
}

function offsetAt(
  pieces: readonly HTMLElement[],
  container: Node,
  offset: number,
  side: keyof RawRange,
): number | null {
  const element = container instanceof Element ? container : container.parentElement;
  const piece = element?.closest<HTMLElement>("[data-start]");
  if (piece && pieces.includes(piece)) return offsetInPiece(piece, container, offset, side);
  // Between pieces: a passage starts with the next one and ends with the one before.
  const point = document.createRange();
  point.setStart(container, offset);
  point.collapse(true);
  const isBehind = (one: HTMLElement) => point.comparePoint(one, 0) >= 0;
  let low = 0;
  let high = pieces.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = pieces[middle];
    if (one && isBehind(one)) high = middle;
    else low = middle + 1;
  }
  const found = pieces[side === "start" ? low : low - 1];
  return found ? rangeOfPiece(found)[side] : null;
}

/** The part of the raw text that a range of the page covers, null where it covers none of it. */
export function rawRangeOf(root: Element, range: Range): RawRange | null {
  const inside = document.createRange();
  inside.selectNodeContents(root);
  if (range.compareBoundaryPoints(Range.START_TO_START, inside) > 0) {
    inside.setStart(range.startContainer, range.startOffset);
  }
  if (inside.collapsed) return null;
  if (range.compareBoundaryPoints(Range.END_TO_END, inside) < 0) {
    inside.setEnd(range.endContainer, range.endOffset);
  }
  if (inside.collapsed) return null;
  const pieces = piecesOf(root);
  const start = offsetAt(pieces, inside.startContainer, inside.startOffset, "start");
  const end = offsetAt(pieces, inside.endContainer, inside.endOffset, "end");
  return start === null || end === null || start >= end ? null : { start, end };
}

function textPlace(piece: HTMLElement, characters: number): [Node, number] {
  const walker = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT);
  let left = characters;
  let node = walker.nextNode();
  while (node) {
    const length = node.nodeValue?.length ?? 0;
    if (left <= length) return [node, left];
    left -= length;
    node = walker.nextNode();
  }
  return [piece, piece.childNodes.length];
}

/** The range of the page that shows a part of the raw text, null where nothing of it is shown. */
export function pageRangeOf(root: Element, { start, end }: RawRange): Range | null {
  const shown = piecesOf(root).filter((piece) => {
    const raw = rangeOfPiece(piece);
    return raw.start < end && raw.end > start;
  });
  const first = shown[0];
  const last = shown.at(-1);
  if (!first || !last) return null;
  const range = document.createRange();
  const from = rangeOfPiece(first);
  const to = rangeOfPiece(last);
  const begin = isExact(first) ? Math.max(0, start - from.start) : 0;
  const stop = isExact(last) ? Math.min(end, to.end) - to.start : (last.textContent ?? "").length;
  range.setStart(...textPlace(first, begin));
  range.setEnd(...textPlace(last, stop));
  return range;
}
