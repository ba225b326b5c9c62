import { Card, SegmentedControl } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Figure } from "../api/types";
import { ChartFrame } from "../charts/ChartFrame";
import { Curves, type Guide } from "../charts/Curves";
import { known, useFormats } from "../charts/format";
import { useReason } from "../charts/reasons";
import { referenceOf } from "./ChampionCard";
import type { FullEvaluation, Model } from "./types";

const METRICS = ["accuracy", "recall", "f1", "balanced"] as const;
type Metric = (typeof METRICS)[number];

const figureOf: Record<Metric, (evaluation: FullEvaluation) => Figure | undefined> = {
  accuracy: ({ pairs }) => pairs.accuracy,
  balanced: ({ pairs }) => pairs.length_balanced_accuracy,
  recall: ({ outputs }) => outputs.recall,
  f1: ({ outputs }) => outputs.f1,
};

/** What stands beside the curve: baselines and people for accuracy, “always good” for F1. */
function useGuides(metric: Metric, model: Model): Guide[] {
  const { t } = useTranslation("training");
  const newest = model.evaluation;
  const all: [string, string, Figure | undefined, Guide["tone"]][] =
    metric === "accuracy" || metric === "balanced"
      ? [
          ...(["length", "style", "source"] as const).map(
            (name): [string, string, Figure | undefined, Guide["tone"]] => [
              name,
              t(`beside.${name}`),
              metric === "accuracy"
                ? newest.baselines[name]?.accuracy
                : newest.baselines[name]?.length_balanced_accuracy,
              "baseline",
            ],
          ),
          ...(metric === "accuracy"
            ? [
                [
                  "people",
                  t(`beside.${referenceOf(model)}`),
                  newest.human_reference.accuracy,
                  "reference",
                ] as [string, string, Figure, Guide["tone"]],
              ]
            : []),
        ]
      : metric === "f1"
        ? [["constant", t("versions.constant"), newest.outputs.constant_f1, "baseline"]]
        : [];
  return all.flatMap(([key, label, figure, tone]) => {
    const found = known(figure);
    return found ? [{ key, label, value: found.value, tone }] : [];
  });
}

/** One figure over the versions, with intervals, baselines and the human reference. */
export function VersionsChart({ models }: { models: Model[] }) {
  const { t } = useTranslation(["training", "charts"]);
  const formats = useFormats();
  const reason = useReason();
  const [metric, setMetric] = useState<Metric>("accuracy");
  const sorted = [...models].sort((a, b) => a.version - b.version);
  const newest = sorted[sorted.length - 1];
  const guides = useGuides(metric, newest as Model);
  const figures = sorted.map((model) => ({ model, figure: figureOf[metric](model.evaluation) }));
  const kinds = [...new Set(sorted.map((model) => model.kind))];
  const series = kinds.map((kind) => ({
    key: kind,
    label: t(`kind.${kind}`),
    points: figures
      .filter(({ model, figure }) => model.kind === kind && known(figure))
      .map(({ model, figure }) => ({
        x: model.version,
        ...(known(figure) ?? { value: null, low: null, high: null }),
      })),
  }));
  const defined = figures.some(({ figure }) => known(figure));
  return (
    <Card withBorder>
      <ChartFrame
        order={2}
        title={t("versions.title")}
        sentence={t(`versions.sentence.${metric}`)}
        controls={
          <SegmentedControl
            size="xs"
            value={metric}
            onChange={(value) => setMetric(value as Metric)}
            aria-label={t("versions.metric")}
            data={METRICS.map((value) => ({ value, label: t(`metric.${value}`) }))}
          />
        }
        columns={[
          { key: "version", title: t("version") },
          { key: "kind", title: t("kindTitle") },
          { key: "value", title: t(`metric.${metric}`), numeric: true },
          { key: "low", title: t("charts:low"), numeric: true },
          { key: "high", title: t("charts:high"), numeric: true },
          { key: "n", title: t("charts:n"), numeric: true },
        ]}
        rows={figures.map(({ model, figure }) => {
          const found = known(figure);
          const text = (value: number | null | undefined) =>
            typeof value === "number" ? formats.percent(value, 1) : "–";
          return {
            key: model.id,
            cells: [
              t("versionShort", { version: model.version }),
              t(`kind.${model.kind}`),
              found ? text(found.value) : reason(figure?.reason),
              text(found?.low),
              text(found?.high),
              figure?.n ? formats.count(figure.n) : "–",
            ],
          };
        })}
        note={t("versions.note")}
      >
        {defined ? (
          <Curves
            series={series}
            guides={guides}
            style="percent"
            xLabel={t("version")}
            xText={(version) => t("versionShort", { version })}
            label={t("versions.title")}
          />
        ) : (
          <p>{reason(figures[figures.length - 1]?.figure?.reason)}</p>
        )}
      </ChartFrame>
    </Card>
  );
}
