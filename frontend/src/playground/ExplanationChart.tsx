import { useTranslation } from "react-i18next";
import type { Explanation } from "../api/types";
import { ChartFrame } from "../charts/ChartFrame";
import { useFormats } from "../charts/format";
import { SignedBars } from "../charts/SignedBars";
import { useFeatureName } from "../training/feature-names";

const SHOWN = 8;

/** The features that moved a reward; bars, the rest and the start add up to it. */
export function ExplanationChart({
  name,
  explanation,
}: {
  name: string;
  explanation: Explanation;
}) {
  const { t } = useTranslation(["playground", "training"]);
  const formats = useFormats();
  const featureName = useFeatureName();
  const { contributions, other, intercept, residual } = explanation;
  const shown = contributions.slice(0, SHOWN);
  const rest = contributions.slice(SHOWN).reduce((sum, one) => sum + one.contribution, other);
  const title = t("explain.title");
  const number = (value: number | null) => (value === null ? "–" : formats.signed(value, 3));
  const ends = [
    { key: "rest", label: t("explain.rest"), value: rest },
    ...(residual === undefined
      ? []
      : [{ key: "residual", label: t("explain.residual"), value: residual }]),
    { key: "intercept", label: t("explain.start"), value: intercept },
  ];
  return (
    <ChartFrame
      order={3}
      title={title}
      columns={[
        { key: "feature", title: t("explain.feature") },
        { key: "group", title: t("explain.group") },
        { key: "value", title: t("explain.value"), numeric: true },
        { key: "weight", title: t("explain.weight"), numeric: true },
        { key: "contribution", title: t("explain.contribution"), numeric: true },
      ]}
      rows={[
        ...contributions.map((one, place) => ({
          key: `${place} ${one.group} ${one.feature}`,
          cells: [
            featureName(one.feature),
            t(`training:features.${one.group}.name`, { defaultValue: one.group }),
            number(one.value),
            number(one.weight),
            number(one.contribution),
          ],
        })),
        { key: "other", cells: [t("explain.other"), "–", "–", "–", number(other)] },
        ...ends
          .filter(({ key }) => key !== "rest")
          .map(({ key, label, value }) => ({
            key,
            cells: [label, "–", "–", "–", number(value)],
          })),
      ]}
      note={t("explain.note")}
    >
      <SignedBars
        label={`${name}: ${title}`}
        bars={[
          ...shown.map((one, place) => ({
            key: `${place} ${one.group} ${one.feature}`,
            label: featureName(one.feature),
            value: one.contribution,
          })),
          ...ends,
        ]}
      />
    </ChartFrame>
  );
}
