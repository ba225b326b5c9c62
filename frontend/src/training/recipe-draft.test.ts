import { beforeEach, describe, expect, it } from "vitest";
import {
  loadRecipe,
  newPart,
  newRecipe,
  problemsOfRecipe,
  type RecipeDraft,
  runRequest,
  storeRecipe,
} from "./recipe-draft";
import { moved, newRule, problemsOf, type RuleDraft, ruleRequest, rulesFrom } from "./rules/draft";

const rule = (check: RuleDraft["check"], change: object = {}) =>
  ({ ...newRule(check), ...change }) as RuleDraft;
const write = (one: RuleDraft) => ruleRequest(one, `words of ${one.check}`);
const where = { account: "1", project: "2" };
const usual = () => newRecipe(["overall", "quality"], ["human"]);

describe("rules", () => {
  it("are sent as the API reads them", () => {
    expect(write(rule("length", { min: "", max: 50 }))).toEqual({
      name: "words of length",
      check: "length",
      weight: 1,
      min: null,
      max: 50,
      unit: "words",
    });
    expect(write(rule("terms", { name: " no\u00a0spam ", terms: " buy \n\nbuy\nnow" }))).toEqual({
      name: "no spam",
      check: "terms",
      weight: 1,
      terms: ["buy", "now"],
      expect: "any",
    });
    expect(write(rule("repetition", { most: 25 }))).toMatchObject({ most: 0.25, size: 4 });
    expect(write(rule("json", { keys: "a\nb" }))).toMatchObject({ keys: ["a", "b"] });
    expect(write(rule("pattern", { pattern: "(?i)x", weight: -2 }))).toEqual({
      name: "words of pattern",
      check: "pattern",
      weight: -2,
      pattern: "(?i)x",
      ignore_case: false,
      expect: "present",
    });
  });

  it("are named by what can be seen, in a hundred characters", () => {
    const { name } = ruleRequest(rule("terms"), `a\nb\u200b${"😀".repeat(200)}`);
    expect(Array.from(name)).toHaveLength(100);
    expect(name.startsWith("a b 😀")).toBe(true);
  });

  it("say what is wrong by the API's paths", () => {
    const found = problemsOf([
      rule("length", { min: "", max: "" }),
      rule("length", { min: 9, max: 1 }),
      rule("pattern", { weight: "" }),
      rule("terms", { terms: " \n" }),
      rule("repetition", { most: "", size: "" }),
      rule("refusal"),
    ]);
    expect(found).toEqual({
      "rules.0.min": "minOrMax",
      "rules.1.max": "order",
      "rules.2.pattern": "required",
      "rules.2.weight": "required",
      "rules.3.terms": "required",
      "rules.4.most": "required",
      "rules.4.size": "required",
    });
    expect(problemsOf([])).toEqual({ rules: "rules" });
  });

  it("change places, and stay where there is no place to go", () => {
    expect(moved(["a", "b", "c"], 1, -1)).toEqual(["b", "a", "c"]);
    expect(moved(["a", "b", "c"], 2, 1)).toEqual(["a", "b", "c"]);
  });

  it("are read back field by field; what is no rule is left out", () => {
    const kept = [
      rule("length", { min: "", weight: -3, name: "short" }),
      { check: "oracle" },
      null,
      { check: "terms", terms: ["x"], expect: "most", weight: "much" },
    ];
    const read = rulesFrom(JSON.parse(JSON.stringify(kept)));
    expect(read.map(({ key: _key, ...rest }) => rest)).toEqual([
      { check: "length", name: "short", weight: -3, min: "", max: 300, unit: "words" },
      { check: "terms", name: "", weight: 1, terms: "", expect: "any" },
    ]);
  });
});

describe("a recipe", () => {
  beforeEach(() => localStorage.clear());

  const sum = (): RecipeDraft => ({ ...usual(), kind: "composite" });

  it("of a sum is rules beside a linear model unless somebody says otherwise", () => {
    expect(runRequest(sum(), write).model).toMatchObject({
      kind: "composite",
      weights: "given",
      parts: [
        { weight: 1, model: { kind: "rules", weights: "given" } },
        { weight: 1, model: { kind: "linear", features: { style: true, given: true } } },
      ],
    });
    expect(problemsOfRecipe(sum())).toEqual({});
  });

  it("finds what is wrong within a part, and nothing in what the kind does not read", () => {
    const broken = newPart("rules");
    broken.settings.rules = [rule("pattern")];
    const recipe = {
      ...sum(),
      parts: [newPart("transformer"), { ...broken, weight: "" as const }],
    };
    expect(problemsOfRecipe(recipe)).toEqual({
      "model.parts.1.weight": "required",
      "model.parts.1.model.rules.0.pattern": "required",
    });
    expect(problemsOfRecipe({ ...recipe, weights: "fitted" })).toEqual({
      "model.parts.1.model.rules.0.pattern": "required",
    });
    expect(problemsOfRecipe({ ...recipe, kind: "linear" })).toEqual({});
    expect(problemsOfRecipe({ ...recipe, parts: [] })).toEqual({ "model.parts": "parts" });
  });

  it("is there again when the dialog opens, for that person and project only", () => {
    const recipe = { ...sum(), seed: 7, questions: ["quality"] };
    recipe.parts[0]?.settings.rules.push(rule("terms", { terms: "退款" }));
    storeRecipe(localStorage, where, recipe);
    const again = loadRecipe(localStorage, where, usual());
    expect(runRequest(again, write)).toEqual(runRequest(recipe, write));
    const other = usual();
    expect(loadRecipe(localStorage, { ...where, account: "3" }, other)).toBe(other);
    storeRecipe(localStorage, where, null);
    expect(loadRecipe(localStorage, where, other)).toBe(other);
  });

  it("loses questions that the project no longer asks, and survives what cannot be read", () => {
    storeRecipe(localStorage, where, { ...usual(), questions: ["overall", "gone"] });
    expect(loadRecipe(localStorage, where, usual()).questions).toEqual(["overall"]);
    for (const text of ["{", "[]", '"x"', '{"kind":"oracle","parts":{},"settings":3,"seed":"1"}']) {
      localStorage.setItem("plaudit.recipe.1.2", text);
      expect(runRequest(loadRecipe(localStorage, where, usual()), write)).toEqual(
        runRequest(usual(), write),
      );
    }
  });
});
