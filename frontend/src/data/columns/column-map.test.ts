import { describe, expect, it } from "vitest";
import type { ColumnMap, Question } from "../../api/types";
import { fitted, mapOf, NOTHING_PICKED, pickedFrom } from "./column-map";

const base = { title: "", description: "", required: true };
const comparison: Question = {
  ...base,
  kind: "comparison",
  name: "better",
  strengths: 1,
  ties: true,
  both_bad: false,
};
const rating: Question = { ...base, kind: "rating", name: "fluency", min: 1, max: 5 };

const MAP: ColumnMap = {
  id: "{idx}",
  prompt: "{instruction}\n\n{input}",
  group: "{topic}",
  metadata: { app: "{app}" },
  completions: [
    { text: "{r1}", source: "{m1}" },
    { text: "{r2}", source: "model-b", optional: true },
  ],
  judgments: [
    {
      annotator: "{who}",
      annotator_kind: "human",
      question: "better",
      value: "{label}",
      values: { "1": { choice: 0 }, "*": { choice: "tie" } },
    },
    {
      annotator: "ann",
      annotator_kind: "model",
      question: "fluency",
      answer: { scores: { "0": "{s1}", "1": "{s2}" } },
    },
  ],
};

describe("a map", () => {
  it("comes back from the picker as it went in", () => {
    expect(mapOf(pickedFrom(MAP), [comparison, rating])).toEqual(MAP);
  });

  it("keeps judgments that the picker cannot show", () => {
    const odd: ColumnMap = {
      prompt: "{p}",
      completions: [{ text: "{a}" }],
      judgments: [{ annotator: "x", question: "better", answer: { tiers: [["0"]] } }],
    };
    expect(mapOf(pickedFrom(odd), [comparison])).toEqual(odd);
  });

  it("keeps a prompt that is more than columns", () => {
    const map = { prompt: "Translate: {text}", completions: [{ text: "{a}" }] };
    expect(pickedFrom(map).template).toBe("Translate: {text}");
    expect(mapOf(pickedFrom(map), [])).toEqual(map);
  });

  it("is not ready before prompt and outputs are chosen", () => {
    expect(mapOf(NOTHING_PICKED, [])).toBeNull();
  });
});

describe("a guessed map", () => {
  const guessed: ColumnMap = {
    prompt: "{p}",
    completions: [{ text: "{a}" }],
    judgments: [{ annotator: "x", question: "overall", answer: { choice: 0 } }],
  };

  it("is put to the project's only comparison", () => {
    expect(fitted(guessed, [comparison]).judgments?.[0]?.question).toBe("better");
  });

  it("loses verdicts that no question of the project asks", () => {
    expect(fitted(guessed, [rating]).judgments).toBeUndefined();
  });
});
