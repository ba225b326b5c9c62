/**
 * Finds mathematics in model outputs the way Pandoc does and writes it in the one form that the
 * Markdown parser is told to read (`$$...$$`), so that "$5 and $10" stays text.
 */

// Code first, so that a dollar inside code is never mathematics.
const TOKENS =
  /(```[\s\S]*?(?:```|$)|~~~[\s\S]*?(?:~~~|$)|`+[^`\n]*`+)|\\\[([\s\S]+?)\\\]|\\\(([\s\S]+?)\\\)|\$\$([\s\S]+?)\$\$|(?<![\\$])\$(?=[^\s$])((?:\\[\s\S]|[^$\\\n])*?[^\s\\$])\$(?![\d$])/g;

const block = (body: string) => `\n\n$$\n${body.trim()}\n$$\n\n`;

export function markMath(text: string): string {
  return text.replace(
    TOKENS,
    (
      whole: string,
      code: string | undefined,
      bracket: string | undefined,
      round: string | undefined,
      double: string | undefined,
      single: string | undefined,
      offset: number,
      source: string,
    ) => {
      if (code !== undefined) return whole;
      if (bracket !== undefined) return block(bracket);
      if (round !== undefined) return `$$${round.trim()}$$`;
      if (single !== undefined) return `$$${single}$$`;
      if (double === undefined) return whole;
      const before = source.slice(source.lastIndexOf("\n", offset - 1) + 1, offset);
      const rest = source.slice(offset + whole.length).split("\n", 1)[0] ?? "";
      const alone = before.trim() === "" && rest.trim() === "";
      return alone ? block(double) : whole;
    },
  );
}

/** True where the text may hold mathematics, so that KaTeX is worth loading. */
export const mayHoldMath = (text: string) => /\$|\\\(|\\\[/.test(text);

/** True where the text may hold a code block with a language to highlight. */
export const mayHoldCode = (text: string) => /```|~~~/.test(text);
