/** What the column picker edits, and its two ways to and from the map that the server reads. */

import type { AnnotatorKind, ColumnMap, MappedJudgment, Question } from "../../api/types";

/** A column of the file, or a name that holds for every row. */
export type Origin = { kind: "column"; column: string } | { kind: "name"; name: string };

export interface Output {
  column: string;
  source: Origin | null;
  /** Left out of rows where the column is empty. */
  optional: boolean;
}

/** How the file says what somebody answered. */
export type Verdict = {
  question: string;
  annotator: Origin;
  annotatorKind: AnnotatorKind;
} & (
  | {
      /** One column whose values stand for answers. */
      form: "values";
      column: string;
      /** Answers by value; a value that is not here makes its row an error, "*" is any other. */
      meanings: Record<string, Record<string, unknown>>;
    }
  /** One column for each output: its score, or its option. */
  | { form: "each"; columns: (string | null)[] }
  /** The same output is the better one in every row. */
  | { form: "fixed"; choice: number }
  /** A column of free text. */
  | { form: "text"; column: string }
);

export interface Picked {
  id: string | null;
  /** Columns in their order, put together with an empty line between them. */
  prompt: string[];
  /** The prompt's template, where it is more than columns; wins over `prompt`. */
  template: string | null;
  group: string | null;
  outputs: Output[];
  verdicts: Verdict[];
  /** Parts of the map that the picker does not show, kept as they are. */
  kept: { metadata?: ColumnMap["metadata"]; judgments: MappedJudgment[] };
}

const GAP = "\n\n";
const COLUMN = /^\{([^{}]+)\}$/;
const braced = (column: string) => `{${column}}`;
const escaped = (text: string) => text.replace(/[{}]/g, (brace) => brace + brace);
const unescaped = (text: string) => text.replace(/\{\{/g, "{").replace(/\}\}/g, "}");

/** Columns that a map can name. */
export const usable = (columns: readonly string[]) =>
  columns.filter((column) => column !== "" && !/[{}]/.test(column));

function columnOf(template: string | undefined): string | null {
  return COLUMN.exec(template ?? "")?.[1] ?? null;
}

function originOf(template: string): Origin {
  const column = columnOf(template);
  return column === null ? { kind: "name", name: unescaped(template) } : { kind: "column", column };
}

const templateOf = (origin: Origin) =>
  origin.kind === "column" ? braced(origin.column) : escaped(origin.name);

function columnsOf(template: string): string[] | null {
  const columns = template.split(GAP).map(columnOf);
  return columns.every((column) => column !== null) ? columns : null;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function verdictOf(judgment: MappedJudgment, outputs: number): Verdict | null {
  if (judgment.submitted_at !== undefined || judgment.reason !== undefined) return null;
  const base = {
    question: judgment.question,
    annotator: originOf(judgment.annotator),
    annotatorKind: judgment.annotator_kind ?? ("human" as const),
  };
  const { answer } = judgment;
  if (!answer) {
    const column = columnOf(judgment.value);
    return column === null
      ? null
      : { ...base, form: "values", column, meanings: judgment.values ?? {} };
  }
  if (typeof answer.choice === "number" && Object.keys(answer).length === 1) {
    return { ...base, form: "fixed", choice: answer.choice };
  }
  const text = typeof answer.text === "string" ? columnOf(answer.text) : null;
  if (text !== null) return { ...base, form: "text", column: text };
  const each = answer.scores ?? answer.values;
  if (isRecord(each)) {
    const columns = Array.from({ length: outputs }, (_, place) => {
      const cell = each[place];
      const template = Array.isArray(cell) ? cell[0] : cell;
      return typeof template === "string" ? columnOf(template) : null;
    });
    return { ...base, form: "each", columns };
  }
  return null;
}

/** Reads a map into the picker. */
export function pickedFrom(map: ColumnMap): Picked {
  const outputs = (map.completions ?? []).map((completion) => ({
    column: columnOf(completion.text) ?? "",
    source: completion.source === undefined ? null : originOf(completion.source),
    optional: completion.optional === true,
  }));
  const verdicts: Verdict[] = [];
  const kept: MappedJudgment[] = [];
  for (const judgment of map.judgments ?? []) {
    const verdict = verdictOf(judgment, outputs.length);
    if (verdict) verdicts.push(verdict);
    else kept.push(judgment);
  }
  const prompt = columnsOf(map.prompt ?? "");
  return {
    id: columnOf(map.id),
    prompt: prompt ?? [],
    template: prompt === null && map.prompt ? map.prompt : null,
    group: columnOf(map.group),
    outputs,
    verdicts,
    kept: { metadata: map.metadata, judgments: kept },
  };
}

function judgmentOf(verdict: Verdict, questions: readonly Question[]): MappedJudgment | null {
  const base = {
    annotator: templateOf(verdict.annotator),
    annotator_kind: verdict.annotatorKind,
    question: verdict.question,
  };
  switch (verdict.form) {
    case "values":
      if (!verdict.column || Object.keys(verdict.meanings).length === 0) return null;
      return { ...base, value: braced(verdict.column), values: verdict.meanings };
    case "fixed":
      return { ...base, answer: { choice: verdict.choice } };
    case "text":
      return verdict.column ? { ...base, answer: { text: braced(verdict.column) } } : null;
    case "each": {
      const choice = questions.find(({ name }) => name === verdict.question)?.kind === "choice";
      const cells = verdict.columns.flatMap((column, place) =>
        column ? [[String(place), choice ? [braced(column)] : braced(column)] as const] : [],
      );
      if (cells.length === 0) return null;
      return { ...base, answer: { [choice ? "values" : "scores"]: Object.fromEntries(cells) } };
    }
  }
}

/** Writes what was picked as a map; null while a prompt or the outputs are still to be chosen. */
export function mapOf(picked: Picked, questions: readonly Question[]): ColumnMap | null {
  const prompt = picked.template ?? picked.prompt.map(braced).join(GAP);
  const outputs = picked.outputs.filter((output) => output.column !== "");
  if (prompt === "" || outputs.length === 0 || outputs.length < picked.outputs.length) return null;
  const judgments = [
    ...picked.verdicts.map((verdict) => judgmentOf(verdict, questions)),
    ...picked.kept.judgments,
  ].filter((judgment) => judgment !== null);
  return {
    ...(picked.id ? { id: braced(picked.id) } : {}),
    prompt,
    ...(picked.group ? { group: braced(picked.group) } : {}),
    ...(picked.kept.metadata ? { metadata: picked.kept.metadata } : {}),
    completions: outputs.map((output) => ({
      text: braced(output.column),
      ...(output.source ? { source: templateOf(output.source) } : {}),
      ...(output.optional ? { optional: true } : {}),
    })),
    ...(judgments.length > 0 ? { judgments } : {}),
  };
}

export const NOTHING_PICKED: Picked = {
  id: null,
  prompt: [],
  template: null,
  group: null,
  outputs: [
    { column: "", source: null, optional: false },
    { column: "", source: null, optional: false },
  ],
  verdicts: [],
  kept: { judgments: [] },
};

/** How a question's answers can stand in a table; null for kinds that only native files carry. */
export function formsOf(question: Question): Verdict["form"][] {
  switch (question.kind) {
    case "comparison":
      return ["values", "fixed"];
    case "rating":
      return ["each"];
    case "choice":
      return question.per_completion ? ["each"] : ["values"];
    case "comment":
      return ["text"];
    default:
      return [];
  }
}

/** An empty verdict on a question, in the first form that its answers can have. */
export function verdictFor(question: Question, outputs: number): Verdict | null {
  const [form] = formsOf(question);
  const base = {
    question: question.name,
    annotator: { kind: "name", name: "dataset" } as const,
    annotatorKind: "human" as const,
  };
  switch (form) {
    case "values":
      return { ...base, form, column: "", meanings: {} };
    case "each":
      return { ...base, form, columns: Array.from({ length: outputs }, () => null) };
    case "fixed":
      return { ...base, form, choice: 0 };
    case "text":
      return { ...base, form, column: "" };
    default:
      return null;
  }
}

/**
 * A guessed map names a question “overall”. Where the project has no such question, its only
 * comparison is meant; where it has none or several, the verdicts are left for the reader to add.
 */
export function fitted(map: ColumnMap, questions: readonly Question[]): ColumnMap {
  const names = new Set(questions.map((question) => question.name));
  const comparisons = questions.filter((question) => question.kind === "comparison");
  const judgments = (map.judgments ?? []).flatMap((judgment) => {
    if (names.has(judgment.question)) return [judgment];
    const [only] = comparisons;
    return only && comparisons.length === 1 ? [{ ...judgment, question: only.name }] : [];
  });
  const { judgments: _, ...rest } = map;
  return judgments.length > 0 ? { ...rest, judgments } : rest;
}
