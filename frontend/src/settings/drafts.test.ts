import { describe, expect, it } from "vitest";
import { nameFor, newDraft, questionOf } from "./drafts";

describe("names of questions", () => {
  it("follow the title in plain letters", () => {
    expect(nameFor("How fluent is it?", "rating", new Set())).toBe("how_fluent_is_it");
  });

  it("fall back to the kind where the title has no Latin letters", () => {
    expect(nameFor("流畅性", "rating", new Set())).toBe("rating");
  });

  it("avoid those that are taken", () => {
    expect(nameFor("Overall", "comparison", new Set(["overall"]))).toBe("overall_2");
  });
});

describe("drafts", () => {
  it("change kind without keeping options of the old one", () => {
    const rating = newDraft("rating", []).question;
    expect(questionOf("comment", rating)).toEqual({
      name: "rating",
      title: "",
      description: "",
      required: true,
      kind: "comment",
    });
  });
});
