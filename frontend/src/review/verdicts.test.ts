import { describe, expect, it } from "vitest";
import type { Answers, Judgment } from "../api/types";
import { decisionsOf, verdictsOf } from "./verdicts";

const judgment = (annotator: string, answers: Answers, more: Partial<Judgment> = {}): Judgment => ({
  uuid: annotator,
  project: "1",
  prompt: "1",
  item: "1",
  annotator,
  annotator_kind: "human",
  author: null,
  status: "submitted",
  answers,
  shown: ["a", "b"],
  started_at: null,
  submitted_at: "2026-01-31T10:00:00Z",
  active_ms: null,
  reason: "",
  surplus: false,
  set_aside: null,
  superseded: false,
  supersedes: null,
  revision: 1,
  policy: "",
  arm: "",
  probability: null,
  purpose: "work",
  ...more,
});

const aside = { at: "2026-01-31T10:00:00Z", by: "rita", reason: "careless" };

describe("verdictsOf", () => {
  it("puts equal answers together whatever the order of their keys, the most frequent first", () => {
    const judgments = [
      judgment("ann", { q: { scores: { a: 1, b: 2 } } }),
      judgment("bob", { q: { scores: { a: 3 } } }),
      judgment("cleo", { q: { scores: { b: 2, a: 1 } } }),
    ];
    const names = verdictsOf(judgments, "q").map(({ by }) => by.map((one) => one.annotator));
    expect(names).toEqual([["ann", "cleo"], ["bob"]]);
  });

  it("leaves out what was changed, skipped, set aside or decided", () => {
    const answers: Answers = { q: { choice: "a" } };
    const judgments = [
      judgment("ann", answers, { superseded: true }),
      judgment("bob", answers, { status: "skipped" }),
      judgment("cleo", answers, { set_aside: aside }),
      judgment("rita", answers, { annotator_kind: "adjudicated" }),
      judgment("dan", answers),
    ];
    expect(verdictsOf(judgments, "q").flatMap(({ by }) => by.map((one) => one.annotator))).toEqual([
      "dan",
    ]);
  });
});

describe("decisionsOf", () => {
  it("tells the current decision from the earlier ones", () => {
    const first = judgment("rita", {}, { annotator_kind: "adjudicated", superseded: true });
    const second = judgment("rolf", {}, { annotator_kind: "adjudicated" });
    expect(decisionsOf([first, second, judgment("ann", {})])).toEqual({
      current: second,
      earlier: [first],
    });
  });
});
