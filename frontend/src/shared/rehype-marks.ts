import type { Element, ElementContent, Nodes, Parents, Root, Text } from "hast";
import { cutAt, type Mark, type MarkedPiece, markPieces } from "./marks";
import { alignInlineCode, alignLines, beforeEdits, type Edit, type Piece } from "./source-text";

/** Elements within a line: what they show without saying where stands for all of them. */
const WITHIN_A_LINE = new Set(["a", "sup", "em", "strong", "del", "code", "span"]);
const MATH = new Set(["language-math", "math-inline", "math-display"]);

const classesOf = (node: Element): readonly unknown[] =>
  Array.isArray(node.properties.className) ? node.properties.className : [];

function rangeOf(node: Nodes): { start: number; end: number } | null {
  const start = node.position?.start.offset;
  const end = node.position?.end.offset;
  return start === undefined || end === undefined ? null : { start, end };
}

const isElement = (node: Nodes): node is Element => node.type === "element";

/** The formula that an element holds, whose rendering has nothing of the source. */
function isMath(node: Element): boolean {
  const inner = node.tagName === "pre" ? node.children.find(isElement) : node;
  return inner?.tagName === "code" && classesOf(inner).some((name) => MATH.has(String(name)));
}

/**
 * Puts pictures and formulas into an element that keeps their place in the source, before they
 * turn into something else.
 */
export function rehypeWholes({ math }: { math: boolean }) {
  const visit = (parent: Parents): void => {
    parent.children = parent.children.map((child) => {
      if (!isElement(child)) return child;
      const range = rangeOf(child) ?? child.children.map(rangeOf).find((one) => one !== null);
      if (range && (child.tagName === "img" || (math && isMath(child)))) {
        const element: Element = {
          type: "element",
          tagName: child.tagName === "pre" ? "div" : "span",
          properties: { dataWhole: "", dataStart: range.start, dataEnd: range.end },
          children: [child],
        };
        return element;
      }
      visit(child);
      return child;
    }) as typeof parent.children;
  };
  return (tree: Root) => visit(tree);
}

/** Some text of the page, or a whole that is drawn like one character. */
interface Leaf {
  parent: Parents;
  node: Text | Element;
  pieces: Piece[];
}

/** The leaves of the code in an element, however it is coloured. */
function codeLeaves(code: Element, pieces: readonly Piece[]): Leaf[] {
  const leaves: Leaf[] = [];
  let rest = [...pieces];
  const visit = (parent: Element): void => {
    for (const child of parent.children) {
      if (isElement(child)) visit(child);
      if (child.type !== "text") continue;
      const [here, later] = takeText(rest, child.value.length);
      leaves.push({ parent, node: child, pieces: here });
      rest = later;
    }
  };
  visit(code);
  return leaves;
}

/** The first pieces, that show `length` characters, and the others. */
function takeText(pieces: readonly Piece[], length: number): [Piece[], Piece[]] {
  const here: Piece[] = [];
  const later = [...pieces];
  let wanted = length;
  while (wanted > 0) {
    const piece = later.shift();
    if (!piece) break;
    if (piece.value.length <= wanted) {
      here.push(piece);
      wanted -= piece.value.length;
      continue;
    }
    const [first, second] = cutAt(piece, wanted);
    here.push(first);
    later.unshift(second);
    wanted = 0;
  }
  return [here, later];
}

const textOf = (node: Nodes): string =>
  node.type === "text" ? node.value : "children" in node ? node.children.map(textOf).join("") : "";

function leavesOf(tree: Root, source: string): Leaf[] {
  const leaves: Leaf[] = [];
  const visit = (parent: Parents, inline: { start: number; end: number } | null): void => {
    for (const node of parent.children) {
      if (node.type === "text") {
        const range = rangeOf(node) ?? (node.value.trim() === "" ? null : inline);
        if (range) leaves.push({ parent, node, pieces: [{ value: node.value, ...range }] });
        continue;
      }
      if (!isElement(node)) continue;
      const { dataStart: start, dataEnd: end } = node.properties;
      if (typeof start === "number" && typeof end === "number") {
        leaves.push({ parent, node, pieces: [{ value: "", start, end }] });
        continue;
      }
      const range = rangeOf(node);
      if (node.tagName === "code" && range) {
        const align = isElement(parent) && parent.tagName === "pre" ? alignLines : alignInlineCode;
        leaves.push(...codeLeaves(node, align(textOf(node), source, range.start, range.end)));
        continue;
      }
      visit(node, WITHIN_A_LINE.has(node.tagName) ? (range ?? inline) : null);
    }
  };
  visit(tree, null);
  return leaves;
}

/** A piece as elements: the place it comes from, and around it the marks that cover it. */
function drawn(piece: MarkedPiece, content: ElementContent): ElementContent {
  const { start, end, marks } = piece;
  let inner: ElementContent =
    content.type === "element"
      ? content
      : {
          type: "element",
          tagName: "span",
          properties: { dataStart: start, dataEnd: end },
          children: [content],
        };
  for (const { mark, ends } of [...marks].reverse()) {
    const label: ElementContent[] =
      ends && mark.label
        ? [
            {
              type: "element",
              tagName: "sup",
              properties: { dataMarkLabel: "" },
              children: [{ type: "text", value: mark.label }],
            },
          ]
        : [];
    inner = {
      type: "element",
      tagName: mark.as ?? "mark",
      properties: {
        dataKind: mark.kind,
        ...(mark.id === undefined ? {} : { dataMark: mark.id }),
        ...(mark.title === undefined ? {} : { title: mark.title }),
      },
      children: [inner, ...label],
    };
  }
  return inner;
}

export interface MarksOptions {
  marks: readonly Mark[];
  /** What the parser read was made from the raw text by these edits. */
  edits: readonly Edit[];
}

/** Says of every text where in the raw text it stands, and draws marks over it. */
export function rehypeMarks({ marks, edits }: MarksOptions) {
  return (tree: Root, file: { value: unknown }): void => {
    const source = String(file.value);
    const leaves = leavesOf(tree, source).map((leaf) => ({
      ...leaf,
      pieces: beforeEdits(leaf.pieces, edits).filter(({ value }) => value !== "" || !isText(leaf)),
    }));
    const marked = markPieces(
      leaves.map((leaf) => leaf.pieces),
      marks,
    );
    for (const [place, { parent, node }] of leaves.entries()) {
      const index = (parent.children as Nodes[]).indexOf(node);
      const content = (marked[place] ?? []).map((piece) => {
        if (node.type === "element") {
          node.properties.dataStart = piece.start;
          node.properties.dataEnd = piece.end;
          return drawn(piece, node);
        }
        return drawn(piece, { type: "text", value: piece.value });
      });
      if (content.length > 0) (parent.children as Nodes[]).splice(index, 1, ...content);
    }
  };
}

const isText = (leaf: Leaf) => leaf.node.type === "text";
