import { Card, Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { useFormats } from "../charts/format";
import { barRange, SignedBars } from "../charts/SignedBars";
import { useFeatureName } from "./feature-names";
import type { TopFeature } from "./types";

const MOST = 20;

/** The features by group, the group of most weight first; in a group what raises a reward before what lowers it. */
export function grouped(features: readonly TopFeature[]): [group: string, TopFeature[]][] {
  const groups = new Map<string, TopFeature[]>();
  for (const feature of features) {
    const group = feature.group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), feature]);
  }
  return [...groups].map(([group, found]) => [group, found.sort((a, b) => b.weight - a.weight)]);
}

/** The features of most effect: to the right what raises a reward, to the left what lowers it. */
export function TopFeatures({ features }: { features: TopFeature[] }) {
  const { t } = useTranslation(["training", "charts"]);
  const formats = useFormats();
  const featureName = useFeatureName();
  const bars = (some: readonly TopFeature[]) =>
    some.map((feature) => ({
      key: `${feature.group} ${feature.name}`,
      label: featureName(feature.name),
      value: feature.weight,
    }));
  const groupName = (group: string | undefined) =>
    group ? t([`features.${group}.name`, `kind.${group}`], { defaultValue: group }) : "–";
  const shown = features.slice(0, MOST);
  const groups = grouped(shown);
  const range = barRange(bars(shown));
  return (
    <Card withBorder>
      <ChartFrame
        order={3}
        title={t("top.title")}
        sentence={t("top.sentence")}
        columns={[
          { key: "name", title: t("top.feature") },
          { key: "group", title: t("top.group") },
          { key: "weight", title: t("top.weight"), numeric: true },
        ]}
        rows={features.map((feature) => ({
          key: `${feature.group} ${feature.name}`,
          cells: [
            featureName(feature.name),
            groupName(feature.group),
            formats.signed(feature.weight, 4),
          ],
        }))}
        note={t("top.note")}
      >
        <Stack gap="sm">
          {groups.map(([group, found]) => (
            <div key={group}>
              {groups.length > 1 && (
                <Title order={3} size="h6">
                  {groupName(group)}
                </Title>
              )}
              <SignedBars
                label={
                  groups.length > 1 ? `${t("top.title")}: ${groupName(group)}` : t("top.title")
                }
                bars={bars(found)}
                range={range}
              />
            </div>
          ))}
        </Stack>
      </ChartFrame>
    </Card>
  );
}
