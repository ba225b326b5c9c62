import { Card } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Figure } from "../api/types";
import { ChartFrame } from "../charts/ChartFrame";
import { known, useFormats } from "../charts/format";
import { IntervalPlot } from "../charts/IntervalPlot";
import { useReason } from "../charts/reasons";
import { niceTicks } from "../charts/scale";

export interface NamedFigure {
  key: string;
  label: string;
  note?: string;
  figure: Figure | null | undefined;
}

/** Figures of one kind under a sentence, each with its interval and n; undefined ones say why. */
export function FigureGroup({
  title,
  sentence,
  figures,
  style,
  fixed,
  guides,
}: {
  title: string;
  sentence?: string;
  figures: NamedFigure[];
  style: "percent" | "number";
  /** The axis; without it, one that holds all intervals. */
  fixed?: number[];
  guides?: number[];
}) {
  const { t } = useTranslation("charts");
  const formats = useFormats();
  const reason = useReason();
  const ends = figures.flatMap(({ figure }) => {
    const found = known(figure);
    return found ? [found.value, found.low ?? found.value, found.high ?? found.value] : [];
  });
  const ticks = fixed ?? niceTicks([...(guides ?? []), ...ends]);
  const text = (value: number | null | undefined) =>
    typeof value !== "number"
      ? "–"
      : style === "percent"
        ? formats.percent(value, 1)
        : formats.number(value, 4);
  return (
    <Card withBorder>
      <ChartFrame
        order={3}
        title={title}
        sentence={sentence}
        columns={[
          { key: "name", title: t("measure") },
          { key: "value", title: t("value"), numeric: true },
          { key: "low", title: t("low"), numeric: true },
          { key: "high", title: t("high"), numeric: true },
          { key: "n", title: t("n"), numeric: true },
        ]}
        rows={figures.map(({ key, label, figure }) => {
          const found = known(figure);
          return {
            key,
            cells: [
              label,
              found ? text(found.value) : reason(figure?.reason),
              text(found?.low),
              text(found?.high),
              figure?.n ? formats.count(figure.n) : "–",
            ],
          };
        })}
      >
        <IntervalPlot
          label={title}
          rows={figures}
          domain={[ticks[0] ?? 0, ticks[ticks.length - 1] ?? 1]}
          ticks={ticks}
          guides={guides}
          style={style}
        />
      </ChartFrame>
    </Card>
  );
}
