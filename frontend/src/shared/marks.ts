import { isVerbatim, type Piece } from "./source-text";

/** A part of a raw text that is drawn in its own way; offsets in UTF-16 units, like `slice`. */
export interface Mark {
  start: number;
  end: number;
  /** Stands in `data-kind`, for the style sheet. */
  kind: string;
  /** Stands in `data-mark`, to find the mark again. */
  id?: string;
  /** Written small behind the mark, so that its colour is not the only carrier. */
  label?: string;
  title?: string;
  /** The element it is; `mark` unless said. */
  as?: "mark" | "ins" | "del" | "span";
}

/** A piece with the marks that cover it, the outermost first, and whether they end here. */
export interface MarkedPiece extends Piece {
  marks: { mark: Mark; ends: boolean }[];
}

/** A piece in two; the parts of one that is not verbatim both stand for all of it. */
export function cutAt(piece: Piece, length: number): [Piece, Piece] {
  const { value, start, end } = piece;
  const exact = isVerbatim(piece);
  return [
    { value: value.slice(0, length), start, end: exact ? start + length : end },
    { value: value.slice(length), start: exact ? start + length : start, end },
  ];
}

/**
 * Lists of pieces, cut at the borders of the marks, each piece with the marks over it. A piece that
 * is not verbatim is covered when any of it is. Marks may overlap: the one that starts first is
 * outside, of two that start together the longer.
 */
export function markPieces(
  lists: readonly (readonly Piece[])[],
  marks: readonly Mark[],
): MarkedPiece[][] {
  const ordered = marks
    .filter((mark) => mark.end > mark.start)
    .sort((a, b) => a.start - b.start || b.end - a.end);
  const borders = [...new Set(ordered.flatMap(({ start, end }) => [start, end]))].sort(
    (a, b) => a - b,
  );
  const last = new Map<Mark, MarkedPiece>();
  const result = lists.map((pieces) =>
    pieces.flatMap((piece) =>
      cutAtBorders(piece, borders).map((part) => {
        const covering = ordered.filter((mark) => mark.start < part.end && mark.end > part.start);
        const marked = { ...part, marks: covering.map((mark) => ({ mark, ends: false })) };
        for (const mark of covering) last.set(mark, marked);
        return marked;
      }),
    ),
  );
  for (const [mark, piece] of last) {
    for (const one of piece.marks) if (one.mark === mark) one.ends = true;
  }
  return result;
}

function cutAtBorders(piece: Piece, borders: readonly number[]): Piece[] {
  if (!isVerbatim(piece) || piece.value === "") return [piece];
  const parts: Piece[] = [];
  let rest = piece;
  for (const border of borders) {
    if (border <= rest.start) continue;
    if (border >= rest.end) break;
    const [first, second] = cutAt(rest, border - rest.start);
    parts.push(first);
    rest = second;
  }
  parts.push(rest);
  return parts;
}
