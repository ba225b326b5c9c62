import { describe, expect, it } from "vitest";
import { offsetsOf } from "./code-points";
import { type Cursor, cursorAtStart, extended, moved } from "./cursor";
import { spanOf, trimmed, withSpan } from "./spans";

describe("offsets", () => {
  const texts = ["", "plain", "a👍b", "𠀀𠀁漢", "e\u0301 👩‍👩‍👧", "\ud800 half", "👍"];

  it.each(texts)("of %j go both ways and cut like the server does", (text) => {
    const points = [...text];
    const { toPoints, toUnits } = offsetsOf(text);
    for (let point = 0; point <= points.length; point++) {
      expect(toPoints(toUnits(point))).toBe(point);
      expect(text.slice(0, toUnits(point))).toBe(points.slice(0, point).join(""));
    }
  });

  it("within a pair count as before it, and behind the end as the end", () => {
    const { toPoints, toUnits } = offsetsOf("a👍b");
    expect(toPoints(2)).toBe(1);
    expect(toPoints(99)).toBe(3);
    expect(toUnits(99)).toBe(4);
  });
});

describe("spans", () => {
  const span = (completion: string, start: number, end: number, label = "wrong") => ({
    completion,
    start,
    end,
    label,
    comment: "",
  });

  it("count code points and leave out white space at their ends", () => {
    const text = "👍 two words ";
    const passage = trimmed({ completion: "c", start: 2, end: text.length }, text);
    expect(passage).toEqual({ completion: "c", start: 3, end: 12 });
    expect(passage && spanOf(passage, text, "wrong")).toEqual(span("c", 2, 11));
    expect(trimmed({ completion: "c", start: 2, end: 3 }, text)).toBeNull();
  });

  it("stand in the order of the page, overlap, and are never there twice", () => {
    const ids = ["b", "a"];
    const first = withSpan([], span("a", 0, 5), ids);
    const second = withSpan(first.spans, span("b", 3, 8), ids);
    expect(second).toEqual({ spans: [span("b", 3, 8), span("a", 0, 5)], place: 0 });
    const third = withSpan(second.spans, span("a", 2, 9, "style"), ids);
    expect(third.place).toBe(2);
    expect(withSpan(third.spans, span("a", 0, 5), ids)).toEqual({ ...third, place: 1 });
  });
});

describe("a cursor", () => {
  const text = "One two. 👍 Three 漢字 four! Five";
  const start = cursorAtStart(text) as Cursor;
  const under = ({ from, to }: Cursor) => text.slice(from, to);

  it("moves by words, sentences and characters", () => {
    expect(under(start)).toBe("One");
    const two = moved(text, start, "word", 1);
    expect(under(two)).toBe("two");
    expect(under(moved(text, two, "word", -1))).toBe("One");
    expect(under(moved(text, start, "word", -1))).toBe("One");
    const sentence = moved(text, two, "sentence", 1);
    expect(under(sentence)).toBe("One two.");
    expect(under(moved(text, sentence, "sentence", 1))).toBe("👍 Three 漢字 four!");
    expect(under(moved(text, start, "character", 1))).toBe("e");
    expect(under(moved(text, start, "character", -1))).toBe("O");
  });

  it("takes a character of several code points as one", () => {
    const woman = "x👩‍👩‍👧y";
    const first = moved(woman, cursorAtStart(woman, "character") as Cursor, "character", 1);
    expect(woman.slice(first.from, first.to)).toBe("👩‍👩‍👧");
  });

  it("extends to either side, and back", () => {
    const two = moved(text, start, "word", 1);
    const more = extended(text, two, "word", 1);
    expect(under(more)).toBe("two. 👍 Three");
    const back = extended(text, more, "word", -1);
    expect(under(back)).toBe("two");
    const before = extended(text, back, "word", -1);
    expect(under(before)).toBe("One two");
    expect(under(extended(text, before, "word", 1))).toBe("two");
    expect(under(extended(text, back, "character", 1))).toBe("two.");
  });
});
