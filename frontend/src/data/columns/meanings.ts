/** What a value in a table can stand for, as keys of a select. */

import type { Question } from "../../api/types";
import { strengthWord } from "../../kinds/comparison/comparison";

export type Meaning = Record<string, unknown>;

export interface Choice {
  key: string;
  meaning: Meaning;
  /** Key in the `data` or `label` catalogue with its variables, or a text of the project. */
  label: { key: string; values?: Record<string, string | number> } | { text: string };
}

/** The answers that a value may stand for. */
export function choicesOf(question: Question, outputs: number): Choice[] {
  if (question.kind === "choice") {
    return question.options.map((option) => ({
      key: option,
      meaning: { values: [option] },
      label: { text: option },
    }));
  }
  if (question.kind !== "comparison") return [];
  const { strengths, ties, both_bad } = question;
  const choices: Choice[] = [];
  for (let place = 0; place < outputs; place++) {
    for (let strength = strengths; strength >= 1; strength--) {
      const letter = String(place + 1);
      choices.push({
        key: `${place}/${strength}`,
        meaning: strength > 1 ? { choice: place, strength } : { choice: place },
        label: {
          key: `columns.better.${strengthWord(strength, strengths)}`,
          values: { number: letter },
        },
      });
    }
  }
  if (ties) {
    choices.push({ key: "tie", meaning: { choice: "tie" }, label: { key: "columns.tie" } });
  }
  if (both_bad) {
    choices.push({
      key: "both_bad",
      meaning: { choice: "both_bad" },
      label: { key: "columns.bothBad" },
    });
  }
  return choices;
}

/** The key of a meaning among the choices, or null for one that the select cannot show. */
export function keyOf(meaning: Meaning | undefined, choices: readonly Choice[]): string | null {
  if (!meaning) return null;
  const { strength, ...rest } = meaning;
  const plain = strength === undefined || strength === 1 ? rest : meaning;
  const text = JSON.stringify(plain);
  return choices.find((choice) => JSON.stringify(choice.meaning) === text)?.key ?? null;
}

/** The value's own entry, or the one that the server would find: it looks at small letters too. */
export function meaningFor(meanings: Record<string, Meaning>, value: string): Meaning | undefined {
  return meanings[value] ?? meanings[value.toLowerCase()];
}
