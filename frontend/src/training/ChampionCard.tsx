import { Anchor, Card, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ChartFrame } from "../charts/ChartFrame";
import { known, useFormats } from "../charts/format";
import { IntervalPlot, type IntervalRow } from "../charts/IntervalPlot";
import { useReason } from "../charts/reasons";
import { StatusBadge } from "./ModelBadges";
import type { Model } from "./types";

const NAMED = new Set(["length", "style", "source"]);

/** Whose agreement stands beside the model: people's, or that of other kinds of annotators too. */
export function referenceOf(model: Model): "people" | "mixed" {
  const data = model.recipe.data as { annotator_kinds?: string[] } | undefined;
  return data?.annotator_kinds?.some((kind) => kind !== "human") ? "mixed" : "people";
}

/** The model, the baselines and the human reference as rows of one plot. */
export function useBesideRows(model: Model, name: string): IntervalRow[] {
  const { t } = useTranslation("training");
  const { evaluation } = model;
  const who = referenceOf(model);
  return [
    { key: "model", label: name, note: t("beside.modelHint"), figure: evaluation.pairs.accuracy },
    ...Object.entries(evaluation.baselines).map(([key, baseline]): IntervalRow => {
      const named = NAMED.has(key);
      return {
        key,
        label: named ? t(`beside.${key}`) : key,
        note: named ? t(`beside.${key}Hint`) : undefined,
        figure: baseline.accuracy,
        tone: "baseline",
      };
    }),
    {
      key: "people",
      label: t(`beside.${who}`),
      note: t(`beside.${who}Hint`),
      figure: evaluation.human_reference.accuracy,
      tone: "reference",
    },
  ];
}

/** What the comparison comes to, in one or two sentences. */
export function useBesideSentence(model: Model): string {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const { evaluation } = model;
  const own = known(evaluation.pairs.accuracy);
  if (!own) return t("beside.undefined");
  const parts = [
    t(referenceOf(model) === "people" ? "beside.sentence" : "beside.sentenceMixed", {
      share: formats.percent(own.value, 1),
      n: formats.count(evaluation.pairs.accuracy.n ?? 0),
    }),
  ];
  const best = Object.entries(evaluation.baselines)
    .flatMap(([name, baseline]) => {
      const figure = known(baseline.accuracy);
      return figure ? [{ name, ...figure }] : [];
    })
    .sort((a, b) => b.value - a.value)[0];
  if (best) {
    const named = NAMED.has(best.name) ? t(`beside.${best.name}`) : best.name;
    const clear = own.low !== null && best.high !== null && own.low > best.high;
    const key = clear ? "clear" : own.value > best.value ? "unclear" : "behind";
    parts.push(t(`beside.baseline.${key}`, { name: named, share: formats.percent(best.value, 1) }));
  }
  return parts.join(" ");
}

export function BesideChart({ model, order = 3 }: { model: Model; order?: 2 | 3 }) {
  const { t } = useTranslation(["training", "charts"]);
  const formats = useFormats();
  const reason = useReason();
  const { evaluation } = model;
  const rows = useBesideRows(
    model,
    t("versionKind", { version: model.version, kind: t(`kind.${model.kind}`) }),
  );
  const title = t(referenceOf(model) === "people" ? "beside.title" : "beside.titleMixed");
  const sentence = useBesideSentence(model);
  const votes = evaluation.human_reference.model;
  const votesValue = known(votes);
  return (
    <ChartFrame
      order={order}
      title={title}
      sentence={sentence}
      columns={[
        { key: "name", title: t("beside.who") },
        { key: "value", title: t("metric.accuracy"), numeric: true },
        { key: "low", title: t("charts:low"), numeric: true },
        { key: "high", title: t("charts:high"), numeric: true },
        { key: "n", title: t("charts:n"), numeric: true },
      ]}
      rows={rows.map((row) => {
        const found = known(row.figure);
        const text = (value: number | null | undefined) =>
          typeof value === "number" ? formats.percent(value, 1) : "–";
        return {
          key: row.key,
          cells: [
            row.label,
            found ? text(found.value) : reason(row.figure?.reason),
            text(found?.low),
            text(found?.high),
            row.figure?.n ? formats.count(row.figure.n) : "–",
          ],
        };
      })}
      note={
        votesValue
          ? t("beside.noteVotes", { share: formats.percent(votesValue.value, 1) })
          : t("beside.note")
      }
    >
      <IntervalPlot
        label={title}
        rows={rows}
        domain={[0.4, 1]}
        ticks={[0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]}
        guides={[0.5]}
        style="percent"
      />
    </ChartFrame>
  );
}

/** The model that serves, beside what can be had without a model and beside people. */
export function ChampionCard({ model, project }: { model: Model; project: string }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const since = known(model.since_promotion);
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Group gap="xs">
          <StatusBadge status={model.status} />
          <Anchor component={Link} to={`/projects/${project}/models/${model.id}`} fw={600}>
            {t("versionKind", { version: model.version, kind: t(`kind.${model.kind}`) })}
          </Anchor>
          <Text size="sm" c="var(--quiet)">
            {t("trainedOn", {
              count: model.snapshot.judgments,
              text: formats.count(model.snapshot.judgments),
            })}
            {" · "}
            {formats.moment(model.created_at)}
          </Text>
        </Group>
        <BesideChart model={model} order={2} />
        {since && (
          <Text size="sm">
            {t("since", {
              share: formats.percent(since.value, 1),
              n: formats.count(model.since_promotion?.n ?? 0),
            })}
          </Text>
        )}
      </Stack>
    </Card>
  );
}
