import { UnstyledButton } from "@mantine/core";
import { type CSSProperties, useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { ComparisonAnswer, ComparisonQuestion } from "../../api/types";
import { KeyHint } from "../../label/KeyHint";
import type { Binding } from "../../label/keymap";
import { useBindings } from "../../label/keys";
import type { PanelProps } from "../kind";
import classes from "../panels.module.css";
import { type ComparisonStep, comparisonSteps, strengthWord } from "./comparison";

function labelOf(step: ComparisonStep, strengths: number): { key: string; letter?: string } {
  if (step.kind === "tie" || step.kind === "both_bad") return { key: `comparison.${step.kind}` };
  return {
    key: `comparison.${strengthWord(step.strength, strengths)}`,
    letter: step.kind === "first" ? "A" : "B",
  };
}

/** A person's own key for "A much better" holds wherever somebody asks for that. */
function actionOfStep(step: ComparisonStep, strengths: number): string {
  const { key, letter } = labelOf(step, strengths);
  return letter === undefined ? key : `${key}.${letter}`;
}

/** On narrow screens the sides stand in two columns, the strongest on top. */
function narrowOrder(step: ComparisonStep, strengths: number): number {
  if (step.kind === "tie") return 100;
  if (step.kind === "both_bad") return 101;
  return (strengths - step.strength) * 2 + (step.kind === "first" ? 0 : 1);
}

export function ComparisonPanel({
  questions,
  ids,
  draft,
  active,
  onAnswer,
}: PanelProps<ComparisonQuestion>) {
  const { t } = useTranslation("label");
  const [question] = questions;
  const steps = useMemo(() => (question ? comparisonSteps(question, ids) : []), [question, ids]);

  const bindings = useMemo<Binding[]>(
    () =>
      steps.map((step) => {
        const { key, letter } = labelOf(step, question?.strengths ?? 1);
        return {
          keys: step.keys,
          group: "answer",
          label: key,
          values: { letter: letter ?? "" },
          action: actionOfStep(step, question?.strengths ?? 1),
          run: () => question && onAnswer(question.name, step.answer),
        };
      }),
    [steps, question, onAnswer],
  );
  useBindings("panel", bindings, active);

  if (!question) return null;
  const answer = draft[question.name] as ComparisonAnswer | undefined;
  const isChosen = (step: ComparisonStep) =>
    answer?.choice === step.answer.choice && (answer.strength ?? 1) === (step.answer.strength ?? 1);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be a grid in every browser
    <div className={classes.comparison} role="group" aria-label={question.title} data-answer>
      {steps.map((step) => {
        const { key, letter } = labelOf(step, question.strengths);
        return (
          <UnstyledButton
            key={step.keys[0]}
            className={classes.option}
            data-side={step.kind}
            aria-pressed={isChosen(step)}
            style={{ "--narrow-order": narrowOrder(step, question.strengths) } as CSSProperties}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onAnswer(question.name, step.answer)}
          >
            <KeyHint
              of={{
                label: key,
                keys: step.keys,
                action: actionOfStep(step, question.strengths),
              }}
            />
            <span>{t(key, { letter })}</span>
          </UnstyledButton>
        );
      })}
    </div>
  );
}
