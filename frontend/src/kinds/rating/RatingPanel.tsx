import { Kbd, NumberInput, UnstyledButton } from "@mantine/core";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RatingAnswer, RatingQuestion } from "../../api/types";
import { letterOf } from "../../label/answers";
import { type Binding, keySymbol, type Named } from "../../label/keymap";
import { useBindings, useKeyOf } from "../../label/keys";
import { type Cell, nextCell, stepCell } from "../cells";
import type { PanelProps } from "../kind";
import classes from "../panels.module.css";

const MOST_BUTTONS = 11;
const MOVES = ["ArrowLeft", "ArrowUp", "ArrowDown", "ArrowRight"] as const;

const moveBy = (key: string): Named => ({ keys: [key], label: `move.${key}` });

const scoresOf = (question: RatingQuestion): number[] =>
  Array.from({ length: question.max - question.min + 1 }, (_, index) => question.min + index);

const hasButtons = (question: RatingQuestion) => question.max - question.min < MOST_BUTTONS;

/** The key of a score: its digit, and 0 for ten where the scale does not start at 0. */
function keyOfScore(score: number, question: RatingQuestion): string | null {
  if (score === 10 && question.min > 0) return "0";
  return score >= 0 && score <= 9 ? String(score) : null;
}

export function RatingPanel({
  questions,
  ids,
  draft,
  active,
  onAnswer,
}: PanelProps<RatingQuestion>) {
  const { t } = useTranslation("label");
  const keyOf = useKeyOf();
  const [cell, setCell] = useState<Cell>({ row: 0, column: 0 });
  const rows = questions.length;
  const columns = ids.length;
  const sameEnds = new Set(questions.map(endsOf)).size === 1;

  const bindings = useMemo<Binding[]>(() => {
    const question = questions[cell.row];
    const id = ids[cell.column];
    if (!question || id === undefined) return [];
    const scores = (draft[question.name] as RatingAnswer | undefined)?.scores ?? {};
    const set = (score: number) => {
      onAnswer(question.name, { scores: { ...scores, [id]: score } });
      setCell(nextCell(cell, rows, columns));
    };
    const clear = () => {
      const { [id]: _dropped, ...rest } = scores;
      onAnswer(question.name, Object.keys(rest).length > 0 ? { scores: rest } : undefined);
    };
    const values = { letter: letterOf(cell.column), title: question.title };
    const table: Binding[] = [];
    if (hasButtons(question)) {
      for (const score of scoresOf(question)) {
        const key = keyOfScore(score, question);
        if (key === null) continue;
        const label = question.labels?.[String(score)];
        table.push({
          keys: [key],
          group: "answer",
          label: label ? "rating.setNamed" : "rating.set",
          action: `rating.set.${score}`,
          values: { ...values, score, name: label ?? "" },
          run: () => set(score),
        });
      }
    }
    table.push({ keys: ["x"], group: "answer", label: "rating.clear", values, run: clear });
    for (const key of MOVES) {
      table.push({
        ...moveBy(key),
        group: "answer",
        run: () => setCell(stepCell(cell, rows, columns, key)),
      });
    }
    return table;
  }, [questions, ids, draft, cell, rows, columns, onAnswer]);
  useBindings("panel", bindings, active);

  return (
    <div className={classes.grid} data-titled={rows > 1} data-answer>
      {questions.map((question, row) => {
        const scores = (draft[question.name] as RatingAnswer | undefined)?.scores ?? {};
        const set = (id: string, score: number, column: number) => {
          onAnswer(question.name, { scores: { ...scores, [id]: score } });
          setCell(nextCell({ row, column }, rows, columns));
        };
        return (
          <div key={question.name} className={classes.gridRow} data-open={row === cell.row}>
            {rows > 1 && (
              <div className={classes.gridTitle} title={question.description}>
                {question.title}
                {question.required && <span aria-hidden>{"\u00a0*"}</span>}
              </div>
            )}
            {rows > 1 && (
              <UnstyledButton
                className={classes.folded}
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => setCell({ row, column: 0 })}
              >
                <span>
                  {question.title}
                  {question.required && <span aria-hidden>{"\u00a0*"}</span>}
                </span>
                <span>
                  {ids
                    .map((id, column) => `${letterOf(column)}\u00a0${scores[id] ?? "–"}`)
                    .join(" · ")}
                </span>
              </UnstyledButton>
            )}
            <div className={classes.cells}>
              {ids.map((id, column) => {
                const current = active && cell.row === row && cell.column === column;
                return (
                  // biome-ignore lint/a11y/useSemanticElements: a group of buttons, not a form
                  <div
                    key={id}
                    className={classes.cell}
                    role="group"
                    data-current={current}
                    aria-current={current ? "true" : undefined}
                    aria-label={t("rating.cell", {
                      letter: letterOf(column),
                      title: question.title,
                    })}
                  >
                    <span className={classes.letter}>{letterOf(column)}</span>
                    {hasButtons(question) ? (
                      scoresOf(question).map((score) => (
                        <UnstyledButton
                          key={score}
                          className={classes.score}
                          aria-pressed={scores[id] === score}
                          title={question.labels?.[String(score)]}
                          aria-label={[score, question.labels?.[String(score)]]
                            .filter((part) => part !== undefined)
                            .join(" ")}
                          onMouseDown={(event) => event.preventDefault()}
                          onFocus={() => setCell({ row, column })}
                          onClick={() => set(id, score, column)}
                        >
                          {score}
                        </UnstyledButton>
                      ))
                    ) : (
                      <NumberInput
                        size="xs"
                        w={96}
                        min={question.min}
                        max={question.max}
                        value={scores[id] ?? ""}
                        aria-label={t("rating.cell", {
                          letter: letterOf(column),
                          title: question.title,
                        })}
                        onFocus={() => setCell({ row, column })}
                        onChange={(value) => {
                          if (typeof value === "number") {
                            onAnswer(question.name, { scores: { ...scores, [id]: value } });
                          }
                        }}
                      />
                    )}
                  </div>
                );
              })}
            </div>
            {!sameEnds && <ScaleEnds question={question} />}
          </div>
        );
      })}
      <div className={classes.hint}>
        {sameEnds && questions[0] && <ScaleEnds question={questions[0]} />}
        {active && (
          <span className={classes.keyHint} aria-hidden>
            <Kbd size="xs">{MOVES.map((key) => keySymbol(keyOf(moveBy(key)))).join("")}</Kbd>{" "}
            {t("rating.hint")}
          </span>
        )}
      </div>
    </div>
  );
}

/** What the ends of a scale mean, empty where nobody said. */
function endsOf(question: RatingQuestion): string {
  return [question.min, question.max]
    .map((score) => [score, question.labels?.[String(score)]] as const)
    .filter(([, label]) => label !== undefined)
    .map(([score, label]) => `${score} = ${label}`)
    .join(" · ");
}

function ScaleEnds({ question }: { question: RatingQuestion }) {
  const ends = endsOf(question);
  return ends === "" ? null : <span className={classes.ends}>{ends}</span>;
}
