import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CurvePoint } from "../api/types";
import { ChartFrame } from "../charts/ChartFrame";
import { Curves, type Series } from "../charts/Curves";
import { useFormats } from "../charts/format";

const LOSSES = ["train_loss", "validation_loss"] as const;

/** Training and validation loss by step, and the validation accuracy beside where there is one. */
export function LossCurves({ curve }: { curve: CurvePoint[] }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const number = (value: number | null) => (value === null ? "–" : formats.number(value, 4));
  const columns = [
    { key: "step", title: t("run.curve.step"), numeric: true },
    ...[...LOSSES, "validation_accuracy" as const].map((key) => ({
      key: key as string,
      title: t(`run.curve.${key}`),
      numeric: true,
    })),
  ];
  const rows = curve.map((point) => ({
    key: String(point.step),
    cells: [
      formats.count(point.step),
      number(point.train_loss),
      number(point.validation_loss),
      number(point.validation_accuracy),
    ],
  }));
  const seriesOf = (keys: readonly (keyof Omit<CurvePoint, "step">)[]): Series[] =>
    keys
      .filter((key) => curve.some((point) => typeof point[key] === "number"))
      .map((key) => ({
        key,
        label: t(`run.curve.${key}`),
        points: curve.map((point) => ({ x: point.step, value: point[key] })),
      }));
  const accuracy = seriesOf(["validation_accuracy"]);
  return (
    <ChartFrame
      order={2}
      title={t("run.curve.title")}
      sentence={t("run.curve.sentence")}
      columns={columns}
      rows={rows}
    >
      <Curves
        series={seriesOf(LOSSES)}
        xLabel={t("run.curve.step")}
        xText={formats.count}
        label={t("run.curve.title")}
      />
      {accuracy.length > 0 && (
        <>
          <Text size="sm">{t("run.curve.validation_accuracy")}</Text>
          <Curves
            series={accuracy}
            style="percent"
            xLabel={t("run.curve.step")}
            xText={formats.count}
            label={t("run.curve.validation_accuracy")}
          />
        </>
      )}
    </ChartFrame>
  );
}
