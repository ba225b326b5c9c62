import { useTranslation } from "react-i18next";
import { known, useFormats } from "../charts/format";
import { FigureGroup } from "./FigureGroup";
import type { FullEvaluation } from "./types";

const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** Everything that was measured on held-out prompts. */
export function ModelFigures({ evaluation }: { evaluation: FullEvaluation }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const { pairs, outputs, calibration, longer_rate: longer } = evaluation;
  const three = pairs.three_way;
  const named =
    (group: string) => (key: string, figure: FullEvaluation["pairs"]["accuracy"] | undefined) => ({
      key,
      label: t(`figure.${group}.${key}.name`),
      note: t(`figure.${group}.${key}.hint`),
      figure,
    });
  const pair = named("pairs");
  const output = named("outputs");
  const calibrated = named("calibration");
  const target =
    outputs.target === "won_more"
      ? t("outputs.wonMore")
      : outputs.target === "rating"
        ? t("outputs.rating")
        : outputs.target
          ? t("outputs.question", { name: outputs.target })
          : undefined;
  const rate = (who: "model" | "people") => ({
    value: longer[who],
    interval: longer.intervals?.[who] ?? null,
    n: longer.n,
    reason: longer.reason,
  });
  const recall = known(outputs.recall);
  const precision = known(outputs.precision);
  return (
    <>
      <FigureGroup
        title={t("figure.pairs.title")}
        sentence={t("figure.pairs.sentence")}
        style="percent"
        fixed={SHARES}
        guides={[0.5]}
        figures={[
          pair("accuracy", pairs.accuracy),
          pair("accuracy_by_judgment", pairs.accuracy_by_judgment),
          pair("length_balanced_accuracy", pairs.length_balanced_accuracy),
          pair("top_1", pairs.top_1),
          ...(three
            ? [
                pair("three_way_accuracy", three.accuracy),
                pair("macro_precision", three.macro_precision),
                pair("macro_recall", three.macro_recall),
                pair("macro_f1", three.macro_f1),
              ]
            : []),
          { ...pair("longer_model", rate("model")), figure: rate("model") },
          { ...pair("longer_people", rate("people")), figure: rate("people") },
        ]}
      />
      <FigureGroup
        title={t("figure.outputs.title")}
        sentence={[
          target,
          recall && precision
            ? t("figure.outputs.sentence", {
                recall: formats.percent(recall.value),
                precision: formats.percent(precision.value),
              })
            : null,
        ]
          .filter(Boolean)
          .join(" ")}
        style="percent"
        fixed={SHARES}
        figures={[
          output("precision", outputs.precision),
          output("recall", outputs.recall),
          output("f1", outputs.f1),
          output("constant_f1", outputs.constant_f1),
          output("auc", outputs.auc),
          output("mcc", outputs.mcc),
        ]}
      />
      <FigureGroup
        title={t("figure.calibration.title")}
        sentence={t("figure.calibration.sentence")}
        style="number"
        guides={[0, 1]}
        figures={[
          calibrated("slope", calibration.slope),
          calibrated("brier", calibration.brier),
          calibrated("log_loss", pairs.log_loss),
          calibrated("ece", calibration.ece),
          ...(evaluation.uncertainty
            ? [calibrated("error_auc", evaluation.uncertainty.error_auc)]
            : []),
        ]}
      />
    </>
  );
}
