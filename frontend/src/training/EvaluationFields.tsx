import { NumberInput, SegmentedControl } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { RecipeDraft, Scheme } from "./recipe-draft";

const SCHEMES = ["holdout", "folds", "groups"] as const;

/** How a model is judged, and the seed of its fit. */
export function EvaluationFields({
  value,
  onChange,
}: {
  value: Pick<RecipeDraft, "scheme" | "percent" | "folds" | "seed">;
  onChange: (part: Partial<RecipeDraft>) => void;
}) {
  const { t } = useTranslation("training");
  return (
    <>
      <div>
        <SegmentedControl
          size="xs"
          aria-label={t("retrain.evaluation")}
          value={value.scheme}
          onChange={(scheme) => onChange({ scheme: scheme as Scheme })}
          data={SCHEMES.map((scheme) => ({
            value: scheme,
            label: t(`retrain.scheme.${scheme}`),
          }))}
        />
        {value.scheme === "holdout" && (
          <NumberInput
            mt="xs"
            label={t("retrain.percent")}
            value={value.percent}
            onChange={(percent) => onChange({ percent: Number(percent) })}
            min={5}
            max={50}
            suffix=" %"
          />
        )}
        {value.scheme === "folds" && (
          <NumberInput
            mt="xs"
            label={t("retrain.folds")}
            value={value.folds}
            onChange={(folds) => onChange({ folds: Number(folds) })}
            min={2}
            max={50}
            allowDecimal={false}
          />
        )}
      </div>
      <NumberInput
        label={t("retrain.seed")}
        description={t("retrain.seedHint")}
        value={value.seed}
        onChange={(seed) => onChange({ seed: Number(seed) })}
        min={0}
        max={2 ** 31 - 1}
        allowDecimal={false}
      />
    </>
  );
}
