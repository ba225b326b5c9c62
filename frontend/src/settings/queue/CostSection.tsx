import { Alert, Card, Select, Stack, Text, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../../api/projects";
import type { OverlapCost, QuestionCost } from "../../api/types";
import { ChartFrame } from "../../charts/ChartFrame";
import { Curves, type Series } from "../../charts/Curves";
import { useFormats } from "../../charts/format";
import { ErrorState, Loading } from "../../shared/States";
import { type Adaptive, useOverlapCost } from "./queue";

/** What each number of judgments per item costs in people's time, and how sure it makes. */
export function CostSection({ overlap, adaptive }: { overlap: number; adaptive: Adaptive | null }) {
  const { t } = useTranslation("queue");
  const project = useProject();
  const cost = useOverlapCost(project.id, adaptive);
  const [chosen, setChosen] = useState<string | null>(null);
  const questions = cost.data?.questions ?? [];
  const question = questions.find(({ name }) => name === chosen) ?? questions[0];
  return (
    <Card component="section" withBorder>
      {cost.isPending && <Loading lines={6} />}
      {cost.isError && <ErrorState error={cost.error} onRetry={cost.refetch} />}
      {cost.data && (
        <Stack gap="md">
          {questions.length > 1 && (
            <Select
              label={t("cost.question")}
              data={questions.map(({ name }) => name)}
              value={question?.name ?? null}
              onChange={setChosen}
              allowDeselect={false}
              maw={320}
            />
          )}
          {question && question.rows.length > 0 ? (
            <CostChart cost={cost.data} question={question} overlap={overlap} />
          ) : (
            <NoCost question={question} />
          )}
        </Stack>
      )}
    </Card>
  );
}

/** Why there is nothing to work out yet, and what to do. */
function NoCost({ question }: { question: QuestionCost | undefined }) {
  const { t } = useTranslation("queue");
  const formats = useFormats();
  const values = { n: question?.agreement.n ?? 0, least: 20 };
  const agree = question?.agreement.value ?? 0;
  return (
    <Stack gap="xs">
      <Title order={2} size="h4">
        {t("cost.title")}
      </Title>
      {question?.reason === "by_chance" ? (
        <Alert color="yellow">{t("cost.byChance", { agree: formats.percent(agree, 0) })}</Alert>
      ) : (
        <Text c="var(--quiet)">{question ? t("cost.tooFew", values) : t("cost.nothingVoted")}</Text>
      )}
    </Stack>
  );
}

function CostChart({
  cost,
  question,
  overlap,
}: {
  cost: OverlapCost;
  question: QuestionCost;
  overlap: number;
}) {
  const { t } = useTranslation("queue");
  const formats = useFormats();
  const scale = question.kind === "rating";
  const style = scale ? "number" : "percent";
  const { adaptive } = question;
  const text = (value: number | null) =>
    value === null ? "–" : scale ? formats.number(value, 2) : formats.percent(value, 1);
  const hours = (value: number | null) => (value === null ? "–" : formats.number(value, 1));
  const mean = (value: number) =>
    scale ? `± ${formats.number(value, 2)}` : `± ${formats.number(value * 100, 1)}`;
  const certainty = (row: QuestionCost["rows"][number]) => row.item_error ?? row.item_halfwidth;
  const row = question.rows.find((one) => one.overlap === overlap);
  const series: Series[] = [
    {
      key: "fixed",
      label: t("cost.fixed"),
      points: question.rows.map((one) => ({ x: one.overlap, value: certainty(one) })),
    },
  ];
  if (adaptive) {
    const point = { x: adaptive.labels_per_item, value: adaptive.item_error };
    series.push({ key: "adaptive", label: t("cost.adaptive"), points: [point] });
  }
  const [low, high] = question.agreement.interval ?? [null, null];
  return (
    <ChartFrame
      order={2}
      title={t("cost.title")}
      sentence={
        <>
          {t("cost.agree", {
            agree: formats.percent(question.agreement.value ?? 0, 0),
            low: low === null ? "–" : formats.percent(low, 0),
            high: high === null ? "–" : formats.percent(high, 0),
            n: formats.count(question.agreement.n),
          })}{" "}
          {row &&
            t(scale ? "cost.sentenceScale" : "cost.sentence", {
              overlap: row.overlap,
              error: text(certainty(row)),
              labels: formats.count(row.labels),
              hours: hours(row.hours),
            })}{" "}
          {adaptive &&
            t("cost.sentenceAdaptive", {
              most: adaptive.overlap_most,
              confidence: formats.percent(adaptive.confidence, 0),
              each: formats.number(adaptive.labels_per_item, 1),
              error: text(adaptive.item_error),
              hours: hours(adaptive.hours),
            })}
        </>
      }
      columns={[
        { key: "overlap", title: t("cost.column.overlap"), numeric: true },
        { key: "labels", title: t("cost.column.labels"), numeric: true },
        { key: "hours", title: t("cost.column.hours"), numeric: true },
        { key: "item", title: t(scale ? "cost.column.score" : "cost.column.error"), numeric: true },
        {
          key: "mean",
          title: t(scale ? "cost.column.meanScore" : "cost.column.mean"),
          numeric: true,
        },
      ]}
      rows={[
        ...question.rows.map((one) => ({
          key: String(one.overlap),
          cells: [
            String(one.overlap),
            formats.count(one.labels),
            hours(one.hours),
            text(certainty(one)),
            mean(one.mean_halfwidth),
          ],
        })),
        ...(adaptive
          ? [
              {
                key: "adaptive",
                cells: [
                  t("cost.adaptiveRow", { each: formats.number(adaptive.labels_per_item, 1) }),
                  formats.count(adaptive.labels),
                  hours(adaptive.hours),
                  text(adaptive.item_error),
                  "–",
                ],
              },
            ]
          : []),
      ]}
      note={
        <>
          {t(scale ? "cost.noteScale" : "cost.note")}{" "}
          {cost.median_active_ms === null
            ? t("cost.noPace")
            : t("cost.pace", {
                seconds: formats.number(cost.median_active_ms / 1000, 1),
                items: formats.count(cost.items),
              })}
        </>
      }
    >
      <Curves
        series={series}
        style={style}
        xLabel={t("cost.column.overlap")}
        xText={(x) => formats.number(x, Number.isInteger(x) ? 0 : 1)}
        label={t("cost.title")}
      />
    </ChartFrame>
  );
}
