import type { Question } from "../api/types";
import { kindOf } from "../kinds";

/** Questions that one panel asks together: ratings in a row share a grid, most others stand alone. */
export interface QuestionGroup {
  kind: Question["kind"];
  questions: Question[];
}

export function groupQuestions(questions: readonly Question[]): QuestionGroup[] {
  const groups: QuestionGroup[] = [];
  for (const question of questions) {
    const last = groups.at(-1);
    if (kindOf(question)?.asksTogether && last?.kind === question.kind) {
      last.questions.push(question);
    } else {
      groups.push({ kind: question.kind, questions: [question] });
    }
  }
  return groups;
}
