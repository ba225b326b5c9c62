import { Alert, Card, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { known, useFormats } from "../charts/format";
import { IntervalPlot } from "../charts/IntervalPlot";
import { SignedBars } from "../charts/SignedBars";
import { useFeatureName } from "./feature-names";
import { lengthVerdict, MUCH } from "./global-view";
import type { GlobalView } from "./types";

const SHARES = ["length", "style", "style_beyond_length"] as const;
const TICKS = [0, 0.25, 0.5, 0.75, 1];
const SHOWN = 8;

/** What the reward goes by, for any kind of model: how much of it length and style account for. */
export function GlobalViewCard({ view }: { view: GlobalView }) {
  const { t } = useTranslation("global-view");
  const formats = useFormats();
  const featureName = useFeatureName();
  const [length, style] = [known(view.shares.length), known(view.shares.style)];
  const verdict = lengthVerdict(view);
  const warned = verdict !== "none" && (length?.low ?? 0) >= MUCH;
  const number = (value: number | null | undefined) =>
    typeof value === "number" ? formats.signed(value) : "–";
  const percent = (value: number | null | undefined) =>
    typeof value === "number" ? formats.percent(value, 1) : "–";
  return (
    <Card withBorder>
      <ChartFrame
        order={3}
        title={t("title")}
        sentence={
          length && style
            ? `${t(`length.${verdict}`, { share: formats.percent(length.value) })} ${t("style", {
                style: formats.percent(style.value),
                rest: formats.percent(1 - style.value),
              })}`
            : undefined
        }
        columns={[
          { key: "name", title: t("feature") },
          { key: "value", title: t("correlation"), numeric: true },
          { key: "low", title: t("low"), numeric: true },
          { key: "high", title: t("high"), numeric: true },
          { key: "weight", title: t("weight"), numeric: true },
        ]}
        rows={[
          ...SHARES.map((name) => {
            const found = known(view.shares[name]);
            return {
              key: name,
              cells: [
                t(`share.${name}.name`),
                percent(found?.value),
                percent(found?.low),
                percent(found?.high),
                "–",
              ],
            };
          }),
          ...view.features.map((feature) => {
            const found = known(feature.correlation);
            return {
              key: feature.name,
              cells: [
                featureName(feature.name),
                number(found?.value),
                number(found?.low),
                number(found?.high),
                number(known(feature.weight)?.value),
              ],
            };
          }),
        ]}
        note={
          view.outputs > 0 &&
          t("note", {
            outputs: formats.count(view.outputs),
            prompts: formats.count(view.prompts),
          })
        }
      >
        <Stack gap="md">
          <IntervalPlot
            label={t("share.title")}
            rows={SHARES.map((name) => ({
              key: name,
              label: t(`share.${name}.name`),
              note: t(`share.${name}.hint`),
              figure: view.shares[name],
              tone: name === "length" && warned ? "reference" : "main",
            }))}
            domain={[0, 1]}
            ticks={TICKS}
            style="percent"
          />
          {view.features.length > 0 && (
            <Stack gap="xs">
              <Title order={3} size="h5">
                {t("features")}
              </Title>
              <Text size="xs" c="var(--quiet)">
                {t("sign")}
              </Text>
              <SignedBars
                label={t("features")}
                bars={view.features.slice(0, SHOWN).map((feature) => {
                  const found = known(feature.correlation);
                  return {
                    key: feature.name,
                    label: featureName(feature.name),
                    value: found?.value ?? 0,
                    interval: feature.correlation.interval,
                  };
                })}
              />
            </Stack>
          )}
        </Stack>
      </ChartFrame>
      {warned && (
        <Alert
          mt="sm"
          variant="light"
          color="orange"
          icon={<IconAlertTriangle />}
          styles={{ message: { color: "var(--mantine-color-text)" } }}
        >
          {t(`warning.${verdict}`)}
        </Alert>
      )}
    </Card>
  );
}
