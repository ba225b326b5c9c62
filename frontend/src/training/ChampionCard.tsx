import { Anchor, Card, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ChartFrame } from "../charts/ChartFrame";
import { known, useFormats } from "../charts/format";
import { IntervalPlot, type IntervalRow } from "../charts/IntervalPlot";
import { useReason } from "../charts/reasons";
import { StatusBadge } from "./ModelBadges";
import type { FullEvaluation, Model } from "./types";

/** The model, the baselines and the human reference as rows of one plot. */
export function useBesideRows(evaluation: FullEvaluation, name: string): IntervalRow[] {
  const { t } = useTranslation("training");
  const known_ = ["length", "style", "source"];
  return [
    { key: "model", label: name, note: t("beside.modelHint"), figure: evaluation.pairs.accuracy },
    ...Object.entries(evaluation.baselines).map(([key, baseline]): IntervalRow => {
      const named = known_.includes(key);
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
      label: t("beside.people"),
      note: t("beside.peopleHint"),
      figure: evaluation.human_reference.accuracy,
      tone: "reference",
    },
  ];
}

/** What the comparison comes to, in one or two sentences. */
export function useBesideSentence(evaluation: FullEvaluation): string {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const model = known(evaluation.pairs.accuracy);
  if (!model) return t("beside.undefined");
  const parts = [
    t("beside.sentence", {
      share: formats.percent(model.value, 1),
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
    const named = ["length", "style", "source"].includes(best.name)
      ? t(`beside.${best.name}`)
      : best.name;
    const clear = model.low !== null && best.high !== null && model.low > best.high;
    const key = clear ? "clear" : model.value > best.value ? "unclear" : "behind";
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
    evaluation,
    t("versionKind", { version: model.version, kind: t(`kind.${model.kind}`) }),
  );
  const sentence = useBesideSentence(evaluation);
  const votes = evaluation.human_reference.model;
  const votesValue = known(votes);
  return (
    <ChartFrame
      order={order}
      title={t("beside.title")}
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
        label={t("beside.title")}
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
