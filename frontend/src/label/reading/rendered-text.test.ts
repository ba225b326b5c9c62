import { describe, expect, it } from "vitest";
import { findAll, readRendered, toDocument } from "./rendered-text";

function element(html: string): Element {
  const root = document.createElement("div");
  root.innerHTML = html;
  return root;
}

describe("rendered text", () => {
  it("joins what one block says and keeps blocks apart", () => {
    const { text } = readRendered(
      element("<p>bo<b>ld</b> word</p><ul><li>one</li><li>two</li></ul>"),
    );
    expect(text).toBe("bold word\none\ntwo");
  });

  it("reads mathematics once", () => {
    const { text } = readRendered(
      element('<p>a <span class="katex-mathml">x^2</span><span>x2</span></p>'),
    );
    expect(text).toBe("a x2");
  });

  it("finds its ranges in the document again, over the edges of nodes", () => {
    const rendered = readRendered(element("<p>bo<b>ld</b> word</p><p>next</p>"));
    const [bold, next] = toDocument(rendered, [0, 4, 10, 14]);
    expect([bold?.startContainer.nodeValue, bold?.startOffset]).toEqual(["bo", 0]);
    expect([bold?.endContainer.nodeValue, bold?.endOffset]).toEqual(["ld", 2]);
    expect([next?.startContainer.nodeValue, next?.startOffset, next?.endOffset]).toEqual([
      "next",
      0,
      4,
    ]);
  });
});

describe("searching", () => {
  it("takes the query as it is and case as it comes", () => {
    expect(findAll("C++ and c++", "C++", 10)).toEqual([0, 3, 8, 11]);
    expect(findAll("aaaa", "a", 2)).toEqual([0, 1, 1, 2]);
    expect(findAll("天气很好，天气", "天气", 9)).toEqual([0, 2, 5, 7]);
    expect(findAll("x", "", 9)).toEqual([]);
    expect(findAll("a-b {1} \\ /", "-b {1} \\ /", 9)).toEqual([1, 11]);
  });
});
