interface MdNode {
  type: string;
  value?: string;
  children?: MdNode[];
}

/** Blocks whose children are blocks: HTML among them needs a paragraph of its own. */
const HOLDS_BLOCKS = new Set(["root", "blockquote", "listItem", "footnoteDefinition"]);

/** A text with line breaks as the nodes that Markdown has for it. */
function withBreaks(value: string): MdNode[] {
  return value
    .split("\n")
    .flatMap((line, place): MdNode[] => [
      ...(place > 0 ? [{ type: "break" }] : []),
      ...(line === "" ? [] : [{ type: "text", value: line }]),
    ]);
}

function rewrite(node: MdNode): void {
  if (!node.children) return;
  node.children = node.children.flatMap((child): MdNode[] => {
    if (child.type === "html") {
      const shown = withBreaks(child.value ?? "");
      return HOLDS_BLOCKS.has(node.type) ? [{ type: "paragraph", children: shown }] : shown;
    }
    if (child.type === "text" && child.value?.includes("\n")) return withBreaks(child.value);
    rewrite(child);
    return [child];
  });
}

/**
 * People judge what the model wrote: HTML stands there as text, and a line break is a line break.
 */
export function remarkAsWritten() {
  return rewrite;
}
