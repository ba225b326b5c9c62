import { describe, expect, it } from "vitest";
import type { ComparisonQuestion, Question } from "../api/types";
import { lacking, together } from "./recipe-questions";

const overall: ComparisonQuestion = {
  kind: "comparison",
  name: "overall",
  title: "Ours",
  description: "",
  required: true,
  strengths: 1,
  ties: true,
  both_bad: false,
};
const acceptable: Question = {
  kind: "choice",
  name: "acceptable",
  title: "Acceptable?",
  description: "",
  required: false,
  options: ["yes", "no"],
  multiple: false,
  per_completion: true,
};

describe("the questions of a recipe", () => {
  it("are there when the project's own hold every answer", () => {
    expect(lacking([{ ...overall, strengths: 3 }], [overall])).toEqual([]);
  });

  it("widen a question of the same name that is too narrow", () => {
    const needed = { ...overall, title: "Theirs", strengths: 2 };
    expect(together([overall], [needed])).toEqual([{ ...overall, strengths: 2 }]);
  });

  it("are added behind the project's own", () => {
    expect(together([overall], [overall, acceptable])).toEqual([overall, acceptable]);
  });
});
