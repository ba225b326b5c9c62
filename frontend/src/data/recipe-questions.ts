/** Whether a project can hold what a recipe's judgments answer, and how to make it so. */

import type { Import, Question } from "../api/types";

/** Whether every answer to `needed` is also an answer to `asked`. */
export function holds(asked: Question, needed: Question): boolean {
  if (asked.kind === "comparison" && needed.kind === "comparison") {
    return (
      asked.strengths >= needed.strengths &&
      (asked.ties || !needed.ties) &&
      (asked.both_bad || !needed.both_bad)
    );
  }
  if (asked.kind === "rating" && needed.kind === "rating") {
    return asked.min <= needed.min && asked.max >= needed.max;
  }
  if (asked.kind === "choice" && needed.kind === "choice") {
    return (
      needed.options.every((option) => asked.options.includes(option)) &&
      asked.per_completion === needed.per_completion &&
      (asked.multiple || !needed.multiple)
    );
  }
  return asked.kind === needed.kind;
}

/** A question that holds the answers to both, in the words of the one that is asked. */
function widened(asked: Question, needed: Question): Question {
  if (asked.kind === "comparison" && needed.kind === "comparison") {
    return {
      ...asked,
      strengths: Math.max(asked.strengths, needed.strengths),
      ties: asked.ties || needed.ties,
      both_bad: asked.both_bad || needed.both_bad,
    };
  }
  return needed;
}

/** The recipe's questions that the project cannot hold yet. */
export const lacking = (asked: readonly Question[], needed: readonly Question[]): Question[] =>
  needed.filter((question) => {
    const own = asked.find(({ name }) => name === question.name);
    return !own || !holds(own, question);
  });

/** The project's questions, widened and added to until they hold the recipe's answers. */
export function together(asked: readonly Question[], needed: readonly Question[]): Question[] {
  const missing = lacking(asked, needed);
  const kept = asked.map((own) => {
    const wider = missing.find(({ name }) => name === own.name);
    return wider ? widened(own, wider) : own;
  });
  return [...kept, ...missing.filter(({ name }) => asked.every((own) => own.name !== name))];
}

const shared = { name: "overall", description: "", required: true };
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

/**
 * What the labels of a well-known format answer; `title` words the question. Formats whose files name
 * the project's own questions need nothing.
 */
export function questionsOfFormat(look: Import, title: (name: string) => string): Question[] {
  const comparison: Question = {
    ...shared,
    kind: "comparison",
    title: title("better"),
    strengths: 1,
    ties: false,
    both_bad: false,
  };
  switch (look.detected_format) {
    case "hh":
      return [comparison];
    case "openassistant":
      return [{ ...shared, kind: "ranking", title: title("order"), ties: true }];
    case "trl": {
      const answers = look.preview?.[0]?.judgments?.[0]?.answers;
      if (!isRecord(answers) || !("acceptable" in answers)) return [comparison];
      return [
        {
          ...shared,
          kind: "choice",
          name: "acceptable",
          title: title("acceptable"),
          options: ["yes", "no"],
          multiple: false,
          per_completion: true,
        },
      ];
    }
    default:
      return [];
  }
}
