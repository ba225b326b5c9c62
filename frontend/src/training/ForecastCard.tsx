import { Card, Group, NumberInput, SegmentedControl, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProgress } from "../api/progress";
import { useProject } from "../api/projects";
import { known, useFormats } from "../charts/format";
import type { FullEvaluation } from "./types";

type Forecast = NonNullable<FullEvaluation["forecast"]>;

/** Median seconds of work on a judgment, over the people who have judged. */
function usePace(project: string): number | null {
  const progress = useProgress(project);
  const times = (progress.data?.per_annotator ?? [])
    .flatMap((one) => (one.median_active_ms ? [one.median_active_ms / 1000] : []))
    .sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? null;
}

/** A dial: so many more labels, what they would bring, and what they cost. */
export function ForecastCard({ forecast }: { forecast: Forecast }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const project = useProject();
  const pace = usePace(project.id);
  const [chosen, setChosen] = useState<number | null>(null);
  const [price, setPrice] = useState(0.1);
  const options = forecast.gains.filter((one) => known(one.gain));
  const current = options.find((one) => one.labels === chosen) ?? options[0];
  const gain = known(current?.gain);
  if (!current || !gain) return null;
  const hours = pace === null ? null : (current.labels * pace) / 3600;
  return (
    <Card withBorder>
      <Title order={2} size="h4">
        {t("forecast.title")}
      </Title>
      <Group mt="sm" align="end">
        <SegmentedControl
          size="xs"
          aria-label={t("forecast.more")}
          value={String(current.labels)}
          onChange={(value) => setChosen(Number(value))}
          data={options.map((one) => ({
            value: String(one.labels),
            label: `+${formats.count(one.labels)}`,
          }))}
        />
        <NumberInput
          size="xs"
          w={150}
          label={t("forecast.price")}
          value={price}
          onChange={(value) => setPrice(Math.max(0, Number(value) || 0))}
          min={0}
          step={0.05}
          decimalScale={2}
        />
      </Group>
      <Text mt="sm">
        {t("forecast.sentence", {
          labels: formats.count(current.labels),
          gain: formats.points(gain.value),
          low: formats.points(gain.low ?? gain.value),
          high: formats.points(gain.high ?? gain.value),
        })}{" "}
        {hours === null
          ? t("forecast.money", { money: formats.number(current.labels * price, 0) })
          : t("forecast.cost", {
              money: formats.number(current.labels * price, 0),
              hours: formats.number(hours, 1),
            })}
      </Text>
      <Text size="xs" c="var(--quiet)" mt="xs">
        {t("forecast.note")}
      </Text>
    </Card>
  );
}
