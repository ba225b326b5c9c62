import { describe, expect, it } from "vitest";
import type { Question } from "../api/types";
import { diffLines, questionChanges } from "./revision-diff";

const comment = (name: string, title: string): Question => ({
  kind: "comment",
  name,
  title,
  description: "",
  required: false,
});

describe("lines", () => {
  it("keep what both texts have and mark the rest", () => {
    expect(diffLines("a\nb\nc", "a\nc\nd")).toEqual([
      { kind: "same", text: "a" },
      { kind: "removed", text: "b" },
      { kind: "same", text: "c" },
      { kind: "added", text: "d" },
    ]);
  });

  it("of an empty text are all added", () => {
    expect(diffLines("", "x")).toEqual([{ kind: "added", text: "x" }]);
  });
});

describe("questions", () => {
  it("are followed by name", () => {
    const before = [comment("a", "A"), comment("b", "B")];
    const after = [comment("b", "Better"), comment("c", "C")];
    expect(questionChanges(before, after)).toEqual([
      { kind: "removed", question: before[0] },
      {
        kind: "changed",
        question: after[0],
        fields: [{ name: "title", from: "B", to: "Better" }],
      },
      { kind: "added", question: after[1] },
    ]);
  });
});
