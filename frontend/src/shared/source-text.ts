import { decodeString } from "micromark-util-decode-string";

/**
 * From what Markdown shows back to where it stands in the text as written. Offsets count UTF-16
 * units, as JavaScript's strings do.
 */

/** What is shown, and the part of the written text that it comes from. */
export interface Piece {
  value: string;
  start: number;
  end: number;
}

/** Whether each character shown is the character at its place in the written text. */
export const isVerbatim = ({ value, start, end }: Piece) => value.length === end - start;

const LINE_END = /\r\n|\n|\r/y;
const ENTITY = /&(?:#x[0-9a-f]{1,6}|#[0-9]{1,7}|[0-9a-z]{1,31});/iy;
const ESCAPE = /\\[!-/:-@[-`{-~]/y;
/** Spaces before a line's end, which Markdown drops. */
const TRAILING = /[ \t]*(?=[\r\n])/y;
/** What stands before the text of a further line: indentation and the marks of quotes. */
const PREFIX = /[ \t>]*/y;

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** Adds a piece; neighbours that are both verbatim become one. */
function push(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  if (last && last.end === piece.start && isVerbatim(last) && isVerbatim(piece)) {
    last.value += piece.value;
    last.end = piece.end;
  } else {
    pieces.push(piece);
  }
}

/**
 * The pieces of a text that Markdown shows as `value` and that is written at `start` to `end`:
 * verbatim ones, and one for each escape, entity and line break. One piece for all of it where it
 * cannot be followed.
 */
export function alignText(value: string, source: string, start: number, end: number): Piece[] {
  if (source.slice(start, end) === value) return [{ value, start, end }];
  const pieces: Piece[] = [];
  let from = 0;
  let at = start;
  while (from < value.length && at < end) {
    const found = step(value, from, source, at);
    if (!found || found.end > end) break;
    push(pieces, found);
    from += found.value.length;
    at = found.end;
  }
  return from === value.length ? pieces : [{ value, start, end }];
}

function step(value: string, from: number, source: string, at: number): Piece | null {
  const lineEnd = matchAt(LINE_END, value, from);
  if (lineEnd !== null) {
    const begins = at + (matchAt(TRAILING, source, at) ?? "").length;
    const written = matchAt(LINE_END, source, begins);
    if (written === null) return null;
    const ends = begins + written.length;
    return {
      value: lineEnd,
      start: at,
      end: ends + (matchAt(PREFIX, source, ends) ?? "").length,
    };
  }
  for (const pattern of [ESCAPE, ENTITY]) {
    const written = matchAt(pattern, source, at);
    if (written === null) continue;
    const decoded = decodeString(written);
    if (decoded !== written && value.startsWith(decoded, from)) {
      return { value: decoded, start: at, end: at + written.length };
    }
  }
  const character = value.charAt(from);
  const written = source.charAt(at);
  if (character === written || (written === "\0" && character === "\ufffd")) {
    return { value: character, start: at, end: at + 1 };
  }
  return null;
}

/** Where the lines between two offsets begin and end, without their ends. */
function linesOf(source: string, start: number, end: number): { start: number; end: number }[] {
  const lines: { start: number; end: number }[] = [];
  let begin = start;
  for (const match of source.slice(start, end).matchAll(/\r\n|\n|\r/g)) {
    lines.push({ start: begin, end: start + match.index });
    begin = start + match.index + match[0].length;
  }
  lines.push({ start: begin, end });
  return lines;
}

const FENCE = /^[ \t>]*(`{3,}|~{3,})/;

/**
 * The pieces of a block shown line by line: code, or HTML as text. Each line shown ends a line
 * as written, from which indentation and quote marks may have been taken.
 */
export function alignLines(value: string, source: string, start: number, end: number): Piece[] {
  const written = linesOf(source, start, end);
  const first = written[0];
  const fenced = first !== undefined && FENCE.test(source.slice(first.start, first.end));
  const shown = value.split(/\r\n|\n|\r/);
  const offset = fenced ? 1 : 0;
  const pieces: Piece[] = [];
  let at = written[offset]?.start ?? start;
  let from = 0;
  for (const [number, line] of shown.entries()) {
    const place = written[number + offset];
    const lineEnd = value.slice(from + line.length).match(/^(?:\r\n|\n|\r)/)?.[0] ?? "";
    if (place === undefined) {
      // Code ends with a line break of its own, which the text need not have.
      if (line !== "") return [{ value, start, end }];
      break;
    }
    if (line !== "") {
      const begins = place.end - line.length;
      if (begins < place.start || source.slice(begins, place.end) !== line) {
        return [{ value, start, end }];
      }
      pieces.push({ value: line, start: begins, end: place.end });
    }
    at = place.end;
    from += line.length + lineEnd.length;
    if (lineEnd !== "") {
      const next = written[number + offset + 1];
      pieces.push({ value: lineEnd, start: at, end: next ? Math.max(next.start, at) : at });
    }
  }
  return pieces;
}

/** The pieces of code within a line: what stands between the backticks. */
export function alignInlineCode(
  value: string,
  source: string,
  start: number,
  end: number,
): Piece[] {
  const ticks = /^`+/.exec(source.slice(start, end))?.[0].length ?? 0;
  let from = start + ticks;
  let to = end - ticks;
  const body = source.slice(from, to);
  // One space on either side is padding, and a line's end counts as a space.
  if (/^[ \r\n]/.test(body) && /[ \r\n]$/.test(body) && body.trim() !== "") {
    from += body.startsWith("\r\n") ? 2 : 1;
    to -= body.endsWith("\r\n") ? 2 : 1;
  }
  const pieces: Piece[] = [];
  let shown = 0;
  let at = from;
  while (shown < value.length && at < to) {
    const character = value.charAt(shown);
    const lineEnd = matchAt(LINE_END, source, at);
    if (lineEnd !== null && character === " ") {
      const ends = at + lineEnd.length;
      push(pieces, {
        value: " ",
        start: at,
        end: Math.min(to, ends + (matchAt(PREFIX, source, ends) ?? "").length),
      });
    } else if (character === source.charAt(at)) {
      push(pieces, { value: character, start: at, end: at + 1 });
    } else if (source.startsWith(`\\${character}`, at)) {
      // A bar in a table's cell.
      push(pieces, { value: character, start: at, end: at + 2 });
    } else {
      return [{ value, start, end }];
    }
    shown += 1;
    at = pieces.at(-1)?.end ?? to;
  }
  return shown === value.length ? pieces : [{ value, start, end }];
}

/** Where the parts of a rewritten text stand in the text that it was made from. */
export interface Edit {
  /** In the rewritten text. */
  start: number;
  end: number;
  /** In the text as it was. */
  from: number;
  to: number;
}

/**
 * The pieces in the offsets of the text before `edits` (sorted, apart) rewrote it: cut where an
 * edit begins or ends, and whole inside one.
 */
export function beforeEdits(pieces: readonly Piece[], edits: readonly Edit[]): Piece[] {
  if (edits.length === 0) return [...pieces];
  return pieces.flatMap((piece) => {
    if (!isVerbatim(piece)) {
      const { value, start, end } = piece;
      return [{ value, start: before(start, edits, "from"), end: before(end, edits, "to") }];
    }
    const cuts = new Set([piece.start, piece.end]);
    for (const { start, end } of edits) {
      for (const cut of [start, end]) if (cut > piece.start && cut < piece.end) cuts.add(cut);
    }
    const sorted = [...cuts].sort((a, b) => a - b);
    return sorted.slice(1).map((end, place) => {
      const start = sorted[place] ?? piece.start;
      return {
        value: piece.value.slice(start - piece.start, end - piece.start),
        start: before(start, edits, "from"),
        end: before(end, edits, "to"),
      };
    });
  });
}

function before(offset: number, edits: readonly Edit[], side: "from" | "to"): number {
  let shift = 0;
  for (const edit of edits) {
    const isPast = side === "from" ? offset >= edit.end : offset > edit.end;
    if (isPast) shift = edit.to - edit.end;
    else if (side === "from" ? offset >= edit.start : offset > edit.start) return edit[side];
    else break;
  }
  return offset + shift;
}
