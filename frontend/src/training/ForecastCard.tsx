import { Card, Group, NumberInput, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProgress } from "../api/progress";
import { useProject } from "../api/projects";
import { known, useFormats } from "../charts/format";
import type { FullEvaluation } from "./types";

type Forecast = NonNullable<FullEvaluation["forecast"]>;
type Spent = NonNullable<Forecast["overlap"]>;

/** Whether more opinions on the same prompts or new prompts brought more, by the judgments there are. */
function OverlapSentence({ spent }: { spent: Spent }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const difference = known(spent.difference);
  if (!spent.verdict || !difference) {
    return <Text c="var(--quiet)">{t(`forecast.overlap.${spent.reason || "few_held_out"}`)}</Text>;
  }
  // The difference is that of new prompts; where more opinions win, it is said of them.
  const turned = spent.verdict === "overlap" ? -1 : 1;
  const ends = [difference.low ?? difference.value, difference.high ?? difference.value]
    .map((end) => turned * end)
    .sort((a, b) => a - b);
  return (
    <Text>
      <strong>{t(`forecast.overlap.${spent.verdict}`)}</strong>{" "}
      {t(`forecast.overlap.${spent.verdict}_figures`, {
        labels: formats.count(spent.labels),
        prompts: formats.count(spent.prompts),
        opinions: formats.count(spent.opinions),
        gain: formats.points(turned * difference.value),
        low: formats.points(ends[0] ?? 0),
        high: formats.points(ends[1] ?? 0),
      })}
    </Text>
  );
}

/** Median seconds of work on a judgment, over the people who have judged. */
function usePace(project: string): number | null {
  const progress = useProgress(project);
  const times = (progress.data?.per_annotator ?? [])
    .flatMap((one) => (one.median_active_ms ? [one.median_active_ms / 1000] : []))
    .sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)] ?? null;
}

/** What more labels would bring, what they cost, and on what they are best spent. */
export function ForecastCard({ forecast }: { forecast: Forecast }) {
  const { t } = useTranslation("training");
  const dial = forecast.gains.some((one) => known(one.gain));
  if (!dial && !forecast.overlap) return null;
  return (
    <Card withBorder>
      <Title order={2} size="h4">
        {t("forecast.title")}
      </Title>
      <Stack mt="sm" gap="sm">
        {dial && <Dial forecast={forecast} />}
        {forecast.overlap && <OverlapSentence spent={forecast.overlap} />}
      </Stack>
    </Card>
  );
}

/** A dial: so many more labels, what they would bring, and what they cost. */
function Dial({ forecast }: { forecast: Forecast }) {
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
    <>
      <Group align="end">
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
      <Text>
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
      <Text size="xs" c="var(--quiet)">
        {t("forecast.note")}
      </Text>
    </>
  );
}
