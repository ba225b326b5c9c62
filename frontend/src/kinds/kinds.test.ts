import { describe, expect, it } from "vitest";
import type { Question } from "../api/types";
import {
  answersToSend,
  isAskable,
  isComplete,
  missingQuestions,
  submitsAtOnce,
} from "../label/answers";
import { type Binding, bindingFor, effectiveTable, keyName } from "../label/keymap";
import { KINDS, kindOfAnswer } from ".";
import { comparisonSteps, strengthWord } from "./comparison/comparison";
import { placeAt, shift, tieUp, tieWith, unrank, unranked } from "./ranking/ranking";

const shown = ["c9", "c4"];
const base = { name: "overall", title: "Which?", description: "", required: true };
const answers = (strengths: number, ties = true, both_bad = true) =>
  Object.fromEntries(
    comparisonSteps({ strengths, ties, both_bad }, shown).flatMap((step) =>
      step.keys.map((key) => [key, step.answer]),
    ),
  );

describe("keys of a comparison", () => {
  it("map 1 to 6 on choice and strength by id, not by place", () => {
    expect(answers(3)).toEqual({
      "1": { choice: "c9", strength: 3 },
      "2": { choice: "c9", strength: 2 },
      "3": { choice: "c9", strength: 1 },
      "4": { choice: "c4", strength: 1 },
      "5": { choice: "c4", strength: 2 },
      "6": { choice: "c4", strength: 3 },
      "0": { choice: "tie" },
      "-": { choice: "both_bad" },
      b: { choice: "both_bad" },
    });
  });

  it("are 1 to 4 with two strengths and 1, 2 with one", () => {
    expect(Object.keys(answers(2, false, false))).toEqual(["1", "2", "3", "4"]);
    expect(answers(1, false, false)).toEqual({ "1": { choice: "c9" }, "2": { choice: "c4" } });
  });

  it("have a word for every strength", () => {
    expect([1, 2, 3].map((strength) => strengthWord(strength, 3))).toEqual([
      "slightly",
      "clearly",
      "much",
    ]);
    expect([1, 2].map((strength) => strengthWord(strength, 2))).toEqual(["slightly", "clearly"]);
    expect(strengthWord(1, 1)).toBe("better");
  });
});

describe("key names", () => {
  const press = (change: Partial<KeyboardEvent>) =>
    keyName({
      key: "a",
      code: "KeyA",
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      shiftKey: false,
      repeat: false,
      isComposing: false,
      ...change,
    });

  it("ignore browser shortcuts, held keys and composition", () => {
    expect(press({ key: "r", ctrlKey: true })).toBeNull();
    expect(press({ repeat: true })).toBeNull();
    expect(press({ isComposing: true })).toBeNull();
    expect(press({ key: "Enter", ctrlKey: true })).toBe("Ctrl+Enter");
  });

  it("read digits from their row on any layout", () => {
    expect(press({ key: "&", code: "Digit1" })).toBe("1");
    expect(press({ key: "1", code: "Numpad1" })).toBe("1");
    expect(press({ key: "Z", code: "KeyZ", shiftKey: true })).toBe("z");
  });

  it("belong to the earlier binding, and the overlay lists no key twice", () => {
    const run = () => undefined;
    const table: Binding[] = [
      { keys: ["f"], group: "answer", label: "one", run },
      { keys: ["f", "!"], group: "task", label: "two", run },
    ];
    expect(bindingFor(table, "f")?.label).toBe("one");
    expect(effectiveTable(table).map((binding) => binding.keys)).toEqual([["f"], ["!"]]);
  });
});

describe("a ranking", () => {
  it("places, pushes down and takes out", () => {
    let tiers = placeAt([], "a", 1);
    tiers = placeAt(tiers, "b", 1);
    expect(tiers).toEqual([["b"], ["a"]]);
    expect(placeAt(tiers, "c", 9)).toEqual([["b"], ["a"], ["c"]]);
    expect(placeAt(tiers, "a", 1)).toEqual([["a"], ["b"]]);
    expect(unrank(tiers, "b")).toEqual([["a"]]);
    expect(unranked(tiers, ["a", "b", "c"])).toEqual(["c"]);
  });

  it("ties and unties without empty tiers", () => {
    const tiers = [["a"], ["b"], ["c"]];
    expect(tieUp(tiers, "b")).toEqual([["a", "b"], ["c"]]);
    expect(tieUp(tiers, "a")).toEqual(tiers);
    expect(tieWith(tiers, "a", "c")).toEqual([["b"], ["c", "a"]]);
    expect(shift([["a", "b"], ["c"]], "b", 1)).toEqual([["a"], ["b"], ["c"]]);
    expect(shift([["a", "b"], ["c"]], "b", -1)).toEqual([["b"], ["a"], ["c"]]);
    expect(shift(tiers, "b", -1)).toEqual([["b"], ["a"], ["c"]]);
    expect(shift(tiers, "c", 1)).toEqual(tiers);
  });
});

describe("answers", () => {
  const ids = ["c1", "c2"];
  const comparison: Question = {
    ...base,
    kind: "comparison",
    strengths: 3,
    ties: true,
    both_bad: false,
  };
  const ranking: Question = { ...base, kind: "ranking", ties: true };
  const rating: Question = { ...base, name: "fluency", kind: "rating", min: 1, max: 5 };
  const choice: Question = {
    ...base,
    name: "ok",
    kind: "choice",
    options: ["yes", "no"],
    multiple: false,
    per_completion: true,
  };

  it("an untouched question is never answered", () => {
    for (const question of [comparison, ranking, rating, choice]) {
      expect(isComplete(question, undefined, ids)).toBe(false);
    }
    expect(isComplete(ranking, { tiers: [] }, ids)).toBe(false);
    expect(isComplete(ranking, { tiers: [["c1"]] }, ids)).toBe(false);
    expect(isComplete(ranking, { tiers: [["c1", "c2"]] }, ids)).toBe(true);
  });

  it("required questions must cover every output, optional ones need not", () => {
    const partial = { fluency: { scores: { c1: 3 } } };
    expect(missingQuestions([rating], partial, ids)).toEqual([rating]);
    expect(missingQuestions([{ ...rating, required: false }], partial, ids)).toEqual([]);
    expect(missingQuestions([choice], { ok: { values: { c1: ["yes"], c2: [] } } }, ids)).toEqual([
      choice,
    ]);
  });

  it("what says nothing is not sent", () => {
    const draft = { ok: { values: { c1: ["yes"], c2: [] } }, fluency: { scores: {} } };
    expect(answersToSend([rating, choice], draft)).toEqual({ ok: { values: { c1: ["yes"] } } });
  });

  it("only a comparison alone submits at the key", () => {
    expect(submitsAtOnce([comparison])).toBe(true);
    expect(submitsAtOnce([comparison, { ...base, kind: "comment" }])).toBe(false);
    expect(submitsAtOnce([rating])).toBe(false);
  });
});

describe("kinds", () => {
  const words = import.meta.glob<Record<string, unknown>>("./*/words.*.json", {
    eager: true,
    import: "default",
  });

  it("are found by their folders, in the order of the menus", () => {
    expect(KINDS.map((kind) => kind.name)).toEqual([
      "comparison",
      "rating",
      "ranking",
      "choice",
      "best_worst",
      "highlight",
      "rewrite",
      "comment",
    ]);
  });

  it.each(KINDS.map((kind) => kind.name))("%s has a title, a hint and an example", (name) => {
    for (const language of ["en", "zh"]) {
      expect(words[`./${name}/words.${language}.json`]).toMatchObject({
        title: expect.any(String),
        hint: expect.any(String),
        example: expect.any(String),
      });
    }
  });

  it("know their answers by the shape", () => {
    const answers = {
      comparison: { choice: "tie" },
      rating: { scores: { c1: 2 } },
      ranking: { tiers: [["c1"]] },
      choice: { values: ["yes"] },
      best_worst: { best: "c1", worst: "c2" },
      highlight: { spans: [] },
      rewrite: { completion: "c1", text: "x" },
      comment: { text: "x" },
    };
    for (const [name, answer] of Object.entries(answers)) {
      expect(kindOfAnswer(answer)?.name).toBe(name);
    }
    expect(kindOfAnswer({ other: 1 })).toBeUndefined();
  });

  it("that a newer server asks are told apart", () => {
    const question = { ...base, kind: "mime" } as unknown as Question;
    expect(isAskable(question)).toBe(false);
    expect(isComplete(question, { text: "x" }, ["c1"])).toBe(false);
    expect(answersToSend([question], { overall: { text: "x" } })).toEqual({});
  });
});
