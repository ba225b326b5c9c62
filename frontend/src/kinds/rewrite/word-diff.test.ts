import { describe, expect, it } from "vitest";
import { wordDiff } from "./word-diff";

describe("wordDiff", () => {
  it.each([
    ["one two three", "one 2 three", 1, 1],
    ["same", "same", 0, 0],
    ["", "two words", 2, 0],
    ["我喜欢苹果", "我喜欢香蕉", 1, 1],
    ["a👍b c", "a👍b d", 1, 1],
    ["line\r\nend", "line\r\nend, more", 1, 0],
  ])("from %j to %j", (before, after, added, removed) => {
    const diff = wordDiff(before, after);
    expect(diff).toMatchObject({ added, removed });
    const side = (dropped: string) =>
      diff?.parts
        .filter(({ kind }) => kind !== dropped)
        .map(({ text }) => text)
        .join("");
    expect(side("added")).toBe(before);
    expect(side("removed")).toBe(after);
  });

  it("gives up on long texts that have nothing in common", () => {
    const words = (letter: string) =>
      Array.from({ length: 3_000 }, (_, number) => `${letter}${number}`).join(" ");
    expect(wordDiff(words("a"), words("b"))).toBeNull();
  });
});
