import { Card } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { useFormats } from "../charts/format";
import { IntervalPlot } from "../charts/IntervalPlot";
import type { JudgeFigures } from "./types";

const FIGURES = ["accuracy", "macro_precision", "macro_recall", "macro_f1"] as const;

/** Model judges beside the majority of people. */
export function JudgesCard({ judges }: { judges: JudgeFigures[] }) {
  const { t } = useTranslation("agreement");
  const formats = useFormats();
  if (judges.length === 0) return null;
  const severalQuestions = new Set(judges.map((judge) => judge.question)).size > 1;
  const nameOf = (judge: JudgeFigures) =>
    severalQuestions ? `${judge.name} · ${judge.question}` : judge.name;
  const best = [...judges].sort((a, b) => (b.accuracy ?? 0) - (a.accuracy ?? 0))[0];
  return (
    <Card withBorder>
      <ChartFrame
        order={2}
        title={t("judges.title")}
        sentence={
          best && typeof best.accuracy === "number"
            ? t("judges.sentence", {
                name: nameOf(best),
                share: formats.percent(best.accuracy),
                count: best.units,
                items: formats.count(best.units),
              })
            : undefined
        }
        columns={[
          { key: "name", title: t("judges.name") },
          { key: "units", title: t("items"), numeric: true },
          ...FIGURES.map((figure) => ({
            key: figure as string,
            title: t(`judges.${figure}`),
            numeric: true,
          })),
        ]}
        rows={judges.map((judge) => ({
          key: `${judge.name} ${judge.question}`,
          cells: [
            nameOf(judge),
            formats.count(judge.units),
            ...FIGURES.map((figure) => {
              const value = judge[figure];
              return value === null ? "–" : formats.number(value, 4);
            }),
          ],
        }))}
        note={t("judges.note")}
      >
        {judges.map((judge) => (
          <IntervalPlot
            key={`${judge.name} ${judge.question}`}
            label={nameOf(judge)}
            domain={[0, 1]}
            ticks={[0, 0.25, 0.5, 0.75, 1]}
            style="percent"
            rows={FIGURES.map((figure) => ({
              key: figure,
              label: t(`judges.${figure}`),
              note: nameOf(judge),
              figure: {
                value: judge[figure],
                interval: judge[`${figure}_interval`],
                n: judge.units,
                reason: judge.reason,
              },
            }))}
          />
        ))}
      </ChartFrame>
    </Card>
  );
}
