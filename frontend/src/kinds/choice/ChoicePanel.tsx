import { UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { ChoiceAnswer, ChoiceQuestion } from "../../api/types";
import { letterOf } from "../../label/answers";
import { KeyHint } from "../../label/KeyHint";
import type { Binding, Named } from "../../label/keymap";
import { useBindings } from "../../label/keys";
import { type Cell, nextCell, stepCell } from "../cells";
import type { PanelProps } from "../kind";
import classes from "../panels.module.css";

/** So many options have a key of their own. */
const KEYED = 9;

const keyOfOption = (index: number, id: string | null): Named => ({
  keys: [String(index + 1)],
  label: id === null ? "choice.set" : "choice.setFor",
});

/** The chosen options of one output, or of the whole task where the question asks once. */
function chosenOf(answer: ChoiceAnswer | undefined, id: string | null): string[] {
  if (!answer) return [];
  if (Array.isArray(answer.values)) return answer.values;
  return id === null ? [] : (answer.values[id] ?? []);
}

function toggle(question: ChoiceQuestion, chosen: string[], option: string): string[] {
  if (chosen.includes(option)) return chosen.filter((one) => one !== option);
  return question.multiple ? [...chosen, option] : [option];
}

/** The answer after choosing, or undefined when nothing is chosen any more. */
function withChosen(
  question: ChoiceQuestion,
  answer: ChoiceAnswer | undefined,
  id: string | null,
  chosen: string[],
): ChoiceAnswer | undefined {
  if (!question.per_completion || id === null) {
    return chosen.length > 0 ? { values: chosen } : undefined;
  }
  const before = answer && !Array.isArray(answer.values) ? answer.values : {};
  const values = { ...before, [id]: chosen };
  return Object.values(values).some((one) => one.length > 0) ? { values } : undefined;
}

export function ChoicePanel({
  questions,
  ids,
  draft,
  active,
  onAnswer,
}: PanelProps<ChoiceQuestion>) {
  const { t } = useTranslation("label");
  const [question] = questions;
  const [cell, setCell] = useState<Cell>({ row: 0, column: 0 });
  const places = useMemo<(string | null)[]>(
    () => (question?.per_completion ? [...ids] : [null]),
    [question, ids],
  );
  const answer = question ? (draft[question.name] as ChoiceAnswer | undefined) : undefined;

  const bindings = useMemo<Binding[]>(() => {
    if (!question) return [];
    const id = places[cell.column] ?? null;
    const table: Binding[] = question.options.slice(0, KEYED).map((option, index) => ({
      ...keyOfOption(index, id),
      group: "answer",
      values: { option, letter: letterOf(cell.column) },
      run: () => {
        const chosen = toggle(question, chosenOf(answer, id), option);
        onAnswer(question.name, withChosen(question, answer, id, chosen));
        if (!question.multiple && chosen.length > 0) setCell(nextCell(cell, 1, places.length));
      },
    }));
    if (places.length > 1) {
      for (const key of ["ArrowLeft", "ArrowRight"]) {
        table.push({
          keys: [key],
          group: "answer",
          label: `move.${key}`,
          run: () => setCell(stepCell(cell, 1, places.length, key)),
        });
      }
    }
    return table;
  }, [question, answer, cell, places, onAnswer]);
  useBindings("panel", bindings, active);

  if (!question) return null;
  return (
    <div className={classes.cells} data-answer>
      {places.map((id, column) => {
        const current = active && places.length > 1 && cell.column === column;
        const chosen = chosenOf(answer, id);
        return (
          // biome-ignore lint/a11y/useSemanticElements: a group of buttons, not a form
          <div
            key={id ?? "all"}
            className={classes.cell}
            role="group"
            data-current={current}
            aria-label={
              id === null
                ? question.title
                : t("rating.cell", { letter: letterOf(column), title: question.title })
            }
          >
            {id !== null && <span className={classes.letter}>{letterOf(column)}</span>}
            {question.options.map((option, index) => (
              <UnstyledButton
                key={option}
                className={classes.option}
                aria-pressed={chosen.includes(option)}
                onMouseDown={(event) => event.preventDefault()}
                onFocus={() => setCell({ row: 0, column })}
                onClick={() => {
                  const next = toggle(question, chosen, option);
                  onAnswer(question.name, withChosen(question, answer, id, next));
                }}
              >
                {index < KEYED && <KeyHint of={keyOfOption(index, id)} />}
                <span>{option}</span>
              </UnstyledButton>
            ))}
          </div>
        );
      })}
    </div>
  );
}
