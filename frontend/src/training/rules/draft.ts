import { uuid4 } from "../../outbox/uuid";

/** What a field for a number holds while it is edited. */
export type NumberDraft = number | "";

interface Checks {
  length: { min: NumberDraft; max: NumberDraft; unit: "words" | "characters" };
  pattern: { pattern: string; ignore_case: boolean; expect: "present" | "absent" };
  /** One word or phrase on each line. */
  terms: { terms: string; expect: "any" | "all" | "none" };
  /** One name on each line. */
  json: { keys: string };
  /** `most` in percent. */
  repetition: { most: NumberDraft; size: NumberDraft };
  refusal: { expect: "absent" | "present" };
}
export type CheckName = keyof Checks;
interface RuleBase {
  key: string;
  /** Empty: a name in words is made from the fields. */
  name: string;
  weight: NumberDraft;
}
export type RuleOf<C extends CheckName> = RuleBase & { check: C } & Checks[C];
export type RuleDraft = { [C in CheckName]: RuleOf<C> }[CheckName];

/** A rule as the API reads it. */
export type RuleRequest = { name: string; check: CheckName; weight: number } & Record<
  string,
  unknown
>;

const FIELDS: Checks = {
  length: { min: 20, max: 300, unit: "words" },
  pattern: { pattern: "", ignore_case: false, expect: "present" },
  terms: { terms: "", expect: "any" },
  json: { keys: "" },
  repetition: { most: 20, size: 4 },
  refusal: { expect: "absent" },
};
export const CHECKS = Object.keys(FIELDS) as CheckName[];
export const MOST_RULES = 50;
const MOST_TERMS = 500;
const LONGEST_NAME = 100;
const NUMBERS = new Set(["weight", "min", "max", "most", "size"]);
const WORDS: Record<string, readonly string[]> = {
  unit: ["words", "characters"],
  "pattern.expect": ["present", "absent"],
  "terms.expect": ["any", "all", "none"],
  "refusal.expect": ["absent", "present"],
};

export const newRule = (check: CheckName): RuleDraft =>
  ({ key: uuid4(), name: "", weight: 1, check, ...FIELDS[check] }) as RuleDraft;

export const linesOf = (text: string): string[] => [
  ...new Set(
    text
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== ""),
  ),
];

export type Problem =
  | "required"
  | "range"
  | "minOrMax"
  | "order"
  | "many"
  | "rules"
  | "parts"
  | "features";
export type Problems = Record<string, Problem>;

/** What is wrong with rules, by the path that the API gives the same place: `rules.0.pattern`. */
export function problemsOf(rules: readonly RuleDraft[]): Problems {
  if (rules.length === 0) return { rules: "rules" };
  if (rules.length > MOST_RULES) return { rules: "many" };
  const found: Problems = {};
  rules.forEach((rule, place) => {
    for (const [field, problem] of Object.entries(problemsOfOne(rule))) {
      found[`rules.${place}.${field}`] = problem;
    }
  });
  return found;
}

function problemsOfOne(rule: RuleDraft): Problems {
  const found: Problems = {};
  if (rule.weight === "") found.weight = "required";
  if (rule.check === "length") {
    if (rule.min === "" && rule.max === "") found.min = "minOrMax";
    else if (rule.min !== "" && rule.max !== "" && rule.min > rule.max) found.max = "order";
  }
  if (rule.check === "pattern" && rule.pattern === "") found.pattern = "required";
  if (rule.check === "terms") {
    const count = linesOf(rule.terms).length;
    if (count === 0) found.terms = "required";
    else if (count > MOST_TERMS) found.terms = "many";
  }
  if (rule.check === "repetition") {
    if (rule.most === "") found.most = "required";
    if (rule.size === "") found.size = "required";
  }
  return found;
}

/** One line of characters that can be seen, of a length that the API takes. */
const nameFrom = (text: string) =>
  Array.from(text.replace(/[\p{C}\p{Z}]+/gu, " ").trim())
    .slice(0, LONGEST_NAME)
    .join("")
    .trim();

const orNull = (value: NumberDraft) => (value === "" ? null : value);

/** The rule as the API reads it; `words` name it where it has no name of its own. */
export function ruleRequest(rule: RuleDraft, words: string): RuleRequest {
  const { key: _key, name, weight, check, ...fields } = rule;
  const head = { name: nameFrom(name) || nameFrom(words) || check, check, weight: Number(weight) };
  switch (rule.check) {
    case "length":
      return { ...head, min: orNull(rule.min), max: orNull(rule.max), unit: rule.unit };
    case "terms":
      return { ...head, terms: linesOf(rule.terms), expect: rule.expect };
    case "json":
      return { ...head, keys: linesOf(rule.keys) };
    case "repetition":
      return { ...head, most: Number(rule.most) / 100, size: rule.size };
    default:
      return { ...head, ...fields };
  }
}

/** The list with one entry a place further up (-1) or down (1). */
export function moved<T>(list: readonly T[], index: number, by: -1 | 1): T[] {
  const one = list[index];
  const other = list[index + by];
  if (one === undefined || other === undefined) return [...list];
  return list.with(index, other).with(index + by, one);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Rules as they were kept; what cannot be read is left out or takes its default. */
export function rulesFrom(raw: unknown): RuleDraft[] {
  if (!Array.isArray(raw)) return [];
  return raw
    .filter((one) => isRecord(one) && CHECKS.some((check) => check === one.check))
    .slice(0, MOST_RULES)
    .map((one: Record<string, unknown>) => {
      const fresh = newRule(one.check as CheckName);
      const kept = Object.entries(fresh).map(([field, usual]) => {
        const value = one[field];
        const words = WORDS[field] ?? WORDS[`${fresh.check}.${field}`];
        const fits = words
          ? typeof value === "string" && words.includes(value)
          : NUMBERS.has(field)
            ? value === "" || Number.isFinite(value)
            : typeof value === typeof usual;
        return [field, field !== "key" && fits ? value : usual];
      });
      return Object.fromEntries(kept) as RuleDraft;
    });
}
