import type { Edit } from "./source-text";

/**
 * Finds mathematics in model outputs the way Pandoc does and writes it in the one form that the
 * Markdown parser is told to read (`$$...$$`), so that "$5 and $10" stays text.
 */

// Code first, so that a dollar inside code is never mathematics.
const TOKENS =
  /(```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`+[^`\n]*`+)|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|\$\$([\s\S]+?)\$\$|(?<![\\$])\$(?=[^\s$])((?:\\[\s\S]|[^$\\\n])*?[^\s\\$])\$(?![\d$])/g;

const block = (body: string) => `\n\n$$\n${body.trim()}\n$$\n\n`;

/** The text with its mathematics in that form, and what was rewritten for it, in order. */
export function markMath(text: string): { text: string; edits: Edit[] } {
  const edits: Edit[] = [];
  let marked = "";
  let read = 0;
  for (const match of text.matchAll(TOKENS)) {
    const [whole, code, bracket, round, double, single] = match;
    const after = match.index + whole.length;
    let formula: string | null = null;
    if (code !== undefined) formula = null;
    else if (bracket !== undefined) formula = block(bracket);
    else if (round !== undefined) formula = `$$${round.trim()}$$`;
    else if (single !== undefined) formula = `$$${single}$$`;
    else if (double !== undefined) {
      const before = text.slice(text.lastIndexOf("\n", match.index - 1) + 1, match.index);
      const rest = text.slice(after).split("\n", 1)[0] ?? "";
      if (before.trim() === "" && rest.trim() === "") formula = block(double);
    }
    if (formula === null) continue;
    marked += text.slice(read, match.index);
    edits.push({
      start: marked.length,
      end: marked.length + formula.length,
      from: match.index,
      to: after,
    });
    marked += formula;
    read = after;
  }
  return { text: marked + text.slice(read), edits };
}

/** True where the text may hold mathematics, so that KaTeX is worth loading. */
export const mayHoldMath = (text: string) => /\$|\\\(|\\\[/.test(text);

/** True where the text may hold a code block with a language to highlight. */
export const mayHoldCode = (text: string) => /```|~~~/.test(text);
