import { describe, expect, it } from "vitest";
import { partsOf, unitsOf } from "./parts";

describe("partsOf", () => {
  it("cuts a text at the ranges and loses nothing", () => {
    expect(partsOf("one two", [4, 7])).toEqual([
      { text: "one ", marked: false, at: 0 },
      { text: "two", marked: true, at: 4 },
    ]);
    expect(partsOf("one", [])).toEqual([{ text: "one", marked: false, at: 0 }]);
    expect(partsOf("", [])).toEqual([]);
  });
});

describe("unitsOf", () => {
  it("counts a character outside the basic plane once", () => {
    const text = "🙂 I am Claude";
    const [from, to] = unitsOf(text, [[7, 13]]);
    expect(text.slice(from, to)).toBe("Claude");
  });
});
