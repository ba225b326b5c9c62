import { Card } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { useFormats } from "../charts/format";
import { SignedBars } from "../charts/SignedBars";
import { useFeatureName } from "./feature-names";
import type { TopFeature } from "./types";

const MOST = 20;

/** The features of most effect: to the right what raises a reward, to the left what lowers it. */
export function TopFeatures({ features }: { features: TopFeature[] }) {
  const { t } = useTranslation(["training", "charts"]);
  const formats = useFormats();
  const featureName = useFeatureName();
  const shown = features.slice(0, MOST);
  const groupOf = (feature: TopFeature) =>
    feature.group ? t(`features.${feature.group}.name`, { defaultValue: feature.group }) : "–";
  return (
    <Card withBorder>
      <ChartFrame
        order={2}
        title={t("top.title")}
        sentence={t("top.sentence")}
        columns={[
          { key: "name", title: t("top.feature") },
          { key: "group", title: t("top.group") },
          { key: "weight", title: t("top.weight"), numeric: true },
        ]}
        rows={features.map((feature) => ({
          key: `${feature.group} ${feature.name}`,
          cells: [featureName(feature.name), groupOf(feature), formats.signed(feature.weight, 4)],
        }))}
        note={t("top.note")}
      >
        <SignedBars
          label={t("top.title")}
          bars={shown.map((feature) => ({
            key: `${feature.group} ${feature.name}`,
            label: featureName(feature.name),
            value: feature.weight,
          }))}
        />
      </ChartFrame>
    </Card>
  );
}
