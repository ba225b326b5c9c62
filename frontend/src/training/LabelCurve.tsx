import { Card } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { Curves } from "../charts/Curves";
import { known, useFormats } from "../charts/format";
import type { FullEvaluation } from "./types";

/** Accuracy with a part of the labels and with all: would more labels help? */
export function LabelCurve({ curve }: { curve: FullEvaluation["curve"] }) {
  const { t } = useTranslation(["training", "charts"]);
  const formats = useFormats();
  const points = curve.flatMap(({ labels, accuracy }) => {
    const found = known(accuracy);
    return found ? [{ x: labels, ...found }] : [];
  });
  const [first, last] = [points[0], points[points.length - 1]];
  if (!first || !last || points.length < 2) return null;
  return (
    <Card withBorder>
      <ChartFrame
        order={3}
        title={t("curve.title")}
        sentence={t("curve.sentence", {
          from: formats.count(first.x),
          to: formats.count(last.x),
          difference: formats.points(last.value - first.value),
        })}
        columns={[
          { key: "labels", title: t("curve.labels"), numeric: true },
          { key: "value", title: t("metric.accuracy"), numeric: true },
          { key: "low", title: t("charts:low"), numeric: true },
          { key: "high", title: t("charts:high"), numeric: true },
        ]}
        rows={points.map((point) => ({
          key: String(point.x),
          cells: [
            formats.count(point.x),
            formats.percent(point.value, 1),
            point.low === null ? "–" : formats.percent(point.low, 1),
            point.high === null ? "–" : formats.percent(point.high, 1),
          ],
        }))}
        note={t("curve.note")}
      >
        <Curves
          series={[{ key: "accuracy", label: t("metric.accuracy"), points }]}
          style="percent"
          xLabel={t("curve.labels")}
          xText={formats.count}
          label={t("curve.title")}
        />
      </ChartFrame>
    </Card>
  );
}
