import { alignLines, alignText, type Piece } from "./source-text";

interface Point {
  line: number;
  column: number;
  offset?: number;
}

interface MdNode {
  type: string;
  value?: string;
  children?: MdNode[];
  position?: { start: Point; end: Point };
}

/** Blocks whose children are blocks: HTML among them needs a paragraph of its own. */
const HOLDS_BLOCKS = new Set(["root", "blockquote", "listItem", "footnoteDefinition"]);

const startOf = (node: MdNode | undefined) => node?.position?.start.offset;
const endOf = (node: MdNode | undefined) => node?.position?.end.offset;

// Only offsets are read from here on; lines and columns of parts of a node are nobody's concern.
const at = (offset: number): Point => ({ line: 1, column: 1, offset });

/** A text as the nodes that Markdown has for it: a node for each piece, and one for a line's end. */
function asNodes(pieces: readonly Piece[]): MdNode[] {
  return pieces.flatMap((piece): MdNode[] => {
    const parts = piece.value.split(/\r\n|\n|\r/);
    const [whole] = parts;
    const exact = piece.value.length === piece.end - piece.start;
    let from = piece.start;
    if (parts.length === 1 && whole !== undefined) return [textNode(whole, from, piece.end)];
    const nodes: MdNode[] = [];
    let read = 0;
    for (const [place, part] of parts.entries()) {
      if (place > 0) {
        nodes.push({ type: "break" });
        read += piece.value.startsWith("\r\n", read) ? 2 : 1;
      }
      if (exact) from = piece.start + read;
      if (part !== "") nodes.push(textNode(part, from, exact ? from + part.length : piece.end));
      read += part.length;
    }
    return nodes;
  });
}

function textNode(value: string, start: number, end: number): MdNode {
  return { type: "text", value, position: { start: at(start), end: at(end) } };
}

/** Where a text stands; between its neighbours where the parser does not say. */
function boundsOf(parent: MdNode, place: number, from: number, to: number): [number, number] {
  const children = parent.children ?? [];
  const child = children[place];
  const known = [startOf(child), endOf(child)];
  if (known[0] !== undefined && known[1] !== undefined) return [known[0], known[1]];
  const next = children.slice(place + 1).find((one) => startOf(one) !== undefined);
  return [from, startOf(next) ?? to];
}

function rewriteWith(source: string) {
  const rewrite = (node: MdNode, bounds: [number, number]): void => {
    if (!node.children) return;
    let from = bounds[0];
    node.children = node.children.flatMap((child, place): MdNode[] => {
      const [start, end] = boundsOf(node, place, from, bounds[1]);
      const value = child.value ?? "";
      let shown: MdNode[] = [child];
      if (child.type === "html") {
        shown = asNodes(alignLines(value, source, start, end));
        from = end;
        return HOLDS_BLOCKS.has(node.type) ? [{ type: "paragraph", children: shown }] : shown;
      }
      if (child.type === "text") {
        const found = child.position ? -1 : source.indexOf(value, start);
        const exact = found >= 0 && found + value.length <= end;
        const pieces = exact
          ? [{ value, start: found, end: found + value.length }]
          : alignText(value, source, start, end);
        shown = asNodes(pieces);
        from = pieces.at(-1)?.end ?? end;
        return shown;
      }
      rewrite(child, [start, end]);
      from = endOf(child) ?? from;
      return shown;
    });
  };
  return rewrite;
}

/**
 * People judge what the model wrote: HTML stands there as text, and a line break is a line break.
 * Every text says where in the source it stands, character by character or, for an escape or an
 * entity, as a whole.
 */
export function remarkAsWritten() {
  return (tree: MdNode, file: { value: unknown }): void => {
    const source = String(file.value);
    rewriteWith(source)(tree, [0, source.length]);
  };
}
