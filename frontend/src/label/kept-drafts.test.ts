import { beforeEach, describe, expect, it } from "vitest";
import type { Question } from "../api/types";
import { loadDrafts, storeDrafts } from "./kept-drafts";

const questions: Question[] = [
  {
    name: "better",
    kind: "rewrite",
    title: "Correct it",
    description: "",
    required: true,
  } as Question,
];
const where = { account: "1", project: "2", questions };
const begun = {
  drafts: { item: { better: { completion: "c1", text: "A better text" } } },
  reasons: { item: "safer" },
};
const nothing = { drafts: {}, reasons: {} };

describe("what was begun", () => {
  beforeEach(() => sessionStorage.clear());

  it("is there after the page was loaded again, for that person and project only", () => {
    storeDrafts(sessionStorage, where, begun);
    expect(loadDrafts(sessionStorage, where)).toEqual(begun);
    expect(loadDrafts(sessionStorage, { ...where, account: "3" })).toEqual(nothing);
    expect(loadDrafts(sessionStorage, { ...where, project: "3" })).toEqual(nothing);
  });

  it("is left where the questions are others now, or what is kept cannot be read", () => {
    storeDrafts(sessionStorage, where, begun);
    expect(loadDrafts(sessionStorage, { ...where, questions: [] })).toEqual(nothing);
    for (const text of ["{", "[]", "null", JSON.stringify({ questions, drafts: [] })]) {
      sessionStorage.setItem("plaudit.drafts.1.2", text);
      expect(loadDrafts(sessionStorage, where)).toEqual(nothing);
    }
  });

  it("leaves nothing behind once all is submitted, and keeps the last tasks of many", () => {
    storeDrafts(sessionStorage, where, begun);
    storeDrafts(sessionStorage, where, { drafts: { item: {} }, reasons: { item: "" } });
    expect(sessionStorage.length).toBe(0);
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, place) => [`item${place}`, begun.drafts.item]),
    );
    storeDrafts(sessionStorage, where, { drafts: many, reasons: {} });
    const kept = Object.keys(loadDrafts(sessionStorage, where).drafts);
    expect([kept.length, kept[0], kept.at(-1)]).toEqual([20, "item10", "item29"]);
  });

  it("does without a store that refuses", () => {
    const full = {
      getItem: () => null,
      removeItem: () => undefined,
      setItem: () => {
        throw new DOMException("full", "QuotaExceededError");
      },
    };
    expect(() => storeDrafts(full, where, begun)).not.toThrow();
  });
});
