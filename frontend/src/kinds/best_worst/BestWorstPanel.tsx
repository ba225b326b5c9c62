import { UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { BestWorstAnswer, BestWorstQuestion } from "../../api/types";
import { letterOf } from "../../label/answers";
import type { Binding } from "../../label/keymap";
import { useBindings } from "../../label/keys";
import type { PanelProps } from "../kind";
import classes from "../panels.module.css";

type Side = "best" | "worst";
const SIDES: readonly Side[] = ["best", "worst"];

/** The answer after naming `id` on one side; the other side forgets it. */
function withSide(answer: BestWorstAnswer | undefined, side: Side, id: string): BestWorstAnswer {
  const before = answer ?? { best: "", worst: "" };
  const other: Side = side === "best" ? "worst" : "best";
  return { ...before, [other]: before[other] === id ? "" : before[other], [side]: id };
}

export function BestWorstPanel({
  questions,
  ids,
  draft,
  active,
  onAnswer,
}: PanelProps<BestWorstQuestion>) {
  const { t } = useTranslation("label");
  const [question] = questions;
  const [side, setSide] = useState<Side>("best");
  const answer = question ? (draft[question.name] as BestWorstAnswer | undefined) : undefined;

  const bindings = useMemo<Binding[]>(() => {
    if (!question) return [];
    const letters: Binding[] = ids.map((id, place) => ({
      keys: [letterOf(place).toLowerCase()],
      group: "answer",
      label: `bestWorst.set.${side}`,
      action: `bestWorst.${letterOf(place)}`,
      values: { letter: letterOf(place) },
      run: () => {
        onAnswer(question.name, withSide(answer, side, id));
        setSide(side === "best" ? "worst" : "best");
      },
    }));
    return [
      ...letters,
      { keys: ["ArrowUp"], group: "answer", label: "bestWorst.best", run: () => setSide("best") },
      {
        keys: ["ArrowDown"],
        group: "answer",
        label: "bestWorst.worst",
        run: () => setSide("worst"),
      },
    ];
  }, [question, ids, answer, side, onAnswer]);
  useBindings("panel", bindings, active);

  if (!question) return null;
  return (
    <div className={classes.cells} data-answer>
      {SIDES.map((one) => (
        // biome-ignore lint/a11y/useSemanticElements: a group of buttons, not a form
        <div
          key={one}
          className={classes.cell}
          role="group"
          aria-label={t(`bestWorst.${one}`)}
          data-current={active && side === one}
        >
          <span className={classes.sideName}>{t(`bestWorst.${one}`)}</span>
          {ids.map((id, place) => (
            <UnstyledButton
              key={id}
              className={classes.score}
              aria-pressed={answer?.[one] === id}
              onMouseDown={(event) => event.preventDefault()}
              onFocus={() => setSide(one)}
              onClick={() => onAnswer(question.name, withSide(answer, one, id))}
            >
              {letterOf(place)}
            </UnstyledButton>
          ))}
        </div>
      ))}
    </div>
  );
}
