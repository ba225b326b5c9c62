import type { AnnotatorKind } from "../api/types";
import { uuid4 } from "../outbox/uuid";
import {
  LINEAR,
  type LinearDraft,
  linearFrom,
  linearProblems,
  linearRequest,
} from "./linear-draft";
import {
  type NumberDraft,
  newRule,
  type Problems,
  problemsOf,
  type RuleDraft,
  type RuleRequest,
  rulesFrom,
} from "./rules/draft";
import {
  FEATURE_GROUPS,
  type FeatureGroup,
  type ModelRequest,
  type PartRequest,
  type RunRequest,
  type TransformerOptions,
} from "./types";

export const PART_KINDS = ["rules", "linear", "ensemble", "transformer"] as const;
export type PartKind = (typeof PART_KINDS)[number];
export const KINDS = ["linear", "ensemble", "transformer", "rules", "composite"] as const;
export type Kind = (typeof KINDS)[number];
export type Weights = "given" | "fitted";
export type Scheme = "holdout" | "folds" | "groups";
export const MOST_PARTS = 8;

/** What can be told to each kind of model; each kind reads its own. */
export interface Settings {
  features: FeatureGroup[];
  linear: LinearDraft;
  tuning: TransformerOptions;
  rules: RuleDraft[];
  weights: Weights;
}

export interface PartDraft {
  key: string;
  kind: PartKind;
  weight: NumberDraft;
  settings: Settings;
}

/** A run as it is put together in the dialog. */
export interface RecipeDraft {
  kind: Kind;
  settings: Settings;
  parts: PartDraft[];
  weights: Weights;
  questions: string[];
  kinds: AnnotatorKind[];
  scheme: Scheme;
  percent: number;
  folds: number;
  seed: number;
}

const TUNING: TransformerOptions = {
  adaptation: "full",
  start: "none",
  epochs: 3,
  learning_rate: 5e-5,
  max_tokens: 256,
};
const ANNOTATOR_KINDS: readonly AnnotatorKind[] = ["human", "adjudicated", "simulated", "model"];

const newSettings = (): Settings => ({
  features: [...FEATURE_GROUPS],
  linear: LINEAR,
  tuning: TUNING,
  rules: [newRule("refusal"), newRule("repetition")],
  weights: "given",
});

export const newPart = (kind: PartKind): PartDraft => ({
  key: uuid4(),
  kind,
  weight: 1,
  settings: newSettings(),
});

/** The recipe that the dialog begins with: a linear model, and rules beside one as the sum. */
export const newRecipe = (questions: string[], kinds: AnnotatorKind[]): RecipeDraft => ({
  kind: "linear",
  settings: newSettings(),
  parts: [newPart("rules"), newPart("linear")],
  weights: "given",
  questions,
  kinds,
  scheme: "holdout",
  percent: 20,
  folds: 5,
  seed: 0,
});

/** What is wrong with a recipe, by the paths of the API: `model.parts.0.model.rules.1.pattern`. */
export function problemsOfRecipe({ kind, settings, parts, weights }: RecipeDraft): Problems {
  if (kind !== "composite") return problemsOfModel(kind, settings, "model");
  if (parts.length === 0) return { "model.parts": "parts" };
  const found: Problems = {};
  parts.forEach((part, place) => {
    const path = `model.parts.${place}`;
    if (weights === "given" && part.weight === "") found[`${path}.weight`] = "required";
    Object.assign(found, problemsOfModel(part.kind, part.settings, `${path}.model`));
  });
  return found;
}

function problemsOfModel(kind: PartKind, settings: Settings, path: string): Problems {
  if (kind === "transformer") return {};
  if (kind !== "rules") {
    const found = kind === "linear" ? linearProblems(settings.linear) : {};
    if (settings.features.length === 0) found.features = "features";
    return below(found, path);
  }
  return below(problemsOf(settings.rules), path);
}

const below = (found: Problems, path: string): Problems =>
  Object.fromEntries(
    Object.entries(found).map(([field, problem]) => [`${path}.${field}`, problem]),
  );

type RuleWriter = (rule: RuleDraft) => RuleRequest;

function partRequest(kind: PartKind, settings: Settings, write: RuleWriter): PartRequest {
  if (kind === "transformer") return { kind, ...settings.tuning };
  if (kind === "rules") {
    return { kind, rules: settings.rules.map(write), weights: settings.weights };
  }
  const features = Object.fromEntries(
    FEATURE_GROUPS.map((group) => [group, settings.features.includes(group)]),
  ) as Record<FeatureGroup, boolean>;
  return kind === "linear"
    ? { kind, features, ...linearRequest(settings.linear) }
    : { kind, features };
}

function evaluationOf({ scheme, percent, folds }: RecipeDraft): RunRequest["evaluation"] {
  if (scheme === "holdout") return { scheme: "holdout", test_fraction: percent / 100 };
  return { scheme: "cross-validation", folds: scheme === "groups" ? "groups" : folds };
}

/** The body of the request for a run. */
export function runRequest(recipe: RecipeDraft, write: RuleWriter): RunRequest {
  const { kind, settings, parts, weights, questions, kinds, seed } = recipe;
  const model: ModelRequest =
    kind === "composite"
      ? {
          kind,
          weights,
          parts: parts.map((part) => ({
            weight: Number(part.weight),
            model: partRequest(part.kind, part.settings, write),
          })),
        }
      : partRequest(kind, settings, write);
  return {
    model,
    data: { questions, annotator_kinds: kinds },
    evaluation: evaluationOf(recipe),
    seed,
  };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const oneOf = <T extends string>(words: readonly T[], value: unknown, usual: T): T =>
  words.find((word) => word === value) ?? usual;
const someOf = <T extends string>(words: readonly T[], value: unknown, usual: T[]): T[] =>
  Array.isArray(value) ? words.filter((word) => value.includes(word)) : usual;
const numberFrom = (value: unknown, usual: number) =>
  typeof value === "number" && Number.isFinite(value) ? value : usual;

function settingsFrom(raw: unknown): Settings {
  const usual = newSettings();
  if (!isRecord(raw)) return usual;
  const tuning = isRecord(raw.tuning) ? raw.tuning : {};
  return {
    features: someOf(FEATURE_GROUPS, raw.features, usual.features),
    linear: linearFrom(raw.linear),
    tuning: {
      adaptation: oneOf(["full", "lora"], tuning.adaptation, TUNING.adaptation),
      start: oneOf(["none", "linear"], tuning.start, TUNING.start),
      epochs: numberFrom(tuning.epochs, TUNING.epochs),
      learning_rate: numberFrom(tuning.learning_rate, TUNING.learning_rate),
      max_tokens: numberFrom(tuning.max_tokens, TUNING.max_tokens),
    },
    rules: Array.isArray(raw.rules) ? rulesFrom(raw.rules) : usual.rules,
    weights: oneOf(["given", "fitted"], raw.weights, usual.weights),
  };
}

function partsFrom(raw: unknown, usual: PartDraft[]): PartDraft[] {
  if (!Array.isArray(raw)) return usual;
  return raw
    .filter(isRecord)
    .slice(0, MOST_PARTS)
    .map((one) => ({
      ...newPart(oneOf(PART_KINDS, one.kind, "linear")),
      weight: one.weight === "" ? "" : numberFrom(one.weight, 1),
      settings: settingsFrom(one.settings),
    }));
}

type Store = Pick<Storage, "getItem" | "setItem" | "removeItem">;
interface Where {
  account: string;
  project: string;
}
const nameOf = ({ account, project }: Where) => `plaudit.recipe.${account}.${project}`;

/** The recipe that was last put together here, with what it can no longer have taken out; else `usual`. */
export function loadRecipe(store: Store, where: Where, usual: RecipeDraft): RecipeDraft {
  try {
    const raw: unknown = JSON.parse(store.getItem(nameOf(where)) ?? "null");
    if (!isRecord(raw)) return usual;
    return {
      kind: oneOf(KINDS, raw.kind, usual.kind),
      settings: settingsFrom(raw.settings),
      parts: partsFrom(raw.parts, usual.parts),
      weights: oneOf(["given", "fitted"], raw.weights, usual.weights),
      questions: someOf(usual.questions, raw.questions, usual.questions),
      kinds: someOf(ANNOTATOR_KINDS, raw.kinds, usual.kinds),
      scheme: oneOf(["holdout", "folds", "groups"], raw.scheme, usual.scheme),
      percent: numberFrom(raw.percent, usual.percent),
      folds: numberFrom(raw.folds, usual.folds),
      seed: numberFrom(raw.seed, usual.seed),
    };
  } catch {
    return usual;
  }
}

/** Keeps a recipe in this browser; `null` forgets it. */
export function storeRecipe(store: Store, where: Where, recipe: RecipeDraft | null): void {
  try {
    if (recipe === null) store.removeItem(nameOf(where));
    else store.setItem(nameOf(where), JSON.stringify(recipe));
  } catch {
    // A full or forbidden store: the recipe then lasts as long as the dialog.
  }
}
