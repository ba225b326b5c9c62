import { Card, List, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DataTable } from "../charts/DataTable";
import { useFormats } from "../charts/format";
import { Leniency } from "./Leniency";
import type { Likelihood } from "./reading-types";

type Labels = NonNullable<Likelihood["labels"]>;
type Fitted = NonNullable<Likelihood["annotators"]>["fitted"][number];

const CARELESS = 0.3;
const LEANING = 0.5;

/** The share of ties between two equal outputs at a tie level. */
const tieShare = (level: number) => Math.exp(level) / (2 + Math.exp(level));
/** How often the first place wins between two equal outputs. */
const firstShare = (position: number) => 1 / (1 + Math.exp(-position));

/** What each sort of judgment says to the model, for those that there are. */
function useLabelWords(): (likelihood: Likelihood) => string[] {
  const { t } = useTranslation("model-page");
  const formats = useFormats();
  return ({ labels, ties, rankings, dropped }) => {
    if (!labels) return [];
    const said = (key: string, count: number, more: Record<string, string> = {}) =>
      count > 0 ? [t(`reading.label.${key}`, { count, ...more })] : [];
    const level = ties?.level;
    const share = typeof level === "number" ? formats.percent(tieShare(level)) : null;
    const kinds: (keyof Labels)[] = ["best_worst", "ratings", "verdicts"];
    return [
      ...said("comparisons", labels.comparisons),
      ...said(ties?.way === "half" ? "tiesHalf" : share ? "ties" : "tiesPlain", labels.ties, {
        share: share ?? "",
      }),
      ...said("both_bad", labels.both_bad),
      ...said(rankings === "plackett_luce" ? "rankings" : "rankingsPairs", labels.rankings),
      ...kinds.flatMap((kind) => said(kind, labels[kind])),
      ...(dropped
        ? (["comparisons", "verdicts", "alike"] as const).flatMap((kind) =>
            dropped[kind] > 0 ? [t(`reading.dropped.${kind}`, { count: dropped[kind] })] : [],
          )
        : []),
    ];
  };
}

function Annotators({ fitted }: { fitted: readonly Fitted[] }) {
  const { t } = useTranslation("model-page");
  const formats = useFormats();
  const skills = fitted.map((one) => one.skill);
  const careless = fitted.filter((one) => one.skill < CARELESS).length;
  const leaning = fitted.filter((one) => Math.abs(one.position) > LEANING).length;
  return (
    <>
      <Text size="sm">
        {t("reading.skills", {
          count: fitted.length,
          low: formats.number(Math.min(...skills), 2),
          high: formats.number(Math.max(...skills), 2),
        })}
        {careless > 0 && ` ${t("reading.careless", { count: careless })}`}
        {leaning > 0 && ` ${t("reading.leaning", { count: leaning })}`}
      </Text>
      <DataTable
        caption={t("reading.annotators")}
        columns={[
          { key: "annotator", title: t("reading.annotator") },
          { key: "comparisons", title: t("reading.comparisons"), numeric: true },
          { key: "skill", title: t("reading.skill"), numeric: true },
          { key: "first", title: t("reading.first"), numeric: true },
        ]}
        rows={fitted.map((one) => ({
          key: one.annotator,
          cells: [
            one.annotator,
            formats.count(one.comparisons),
            formats.number(one.skill, 2),
            formats.percent(firstShare(one.position)),
          ],
        }))}
      />
    </>
  );
}

/** How judgments were read, and by which held-out figures that was decided. */
export function LikelihoodCard({ likelihood }: { likelihood: Likelihood }) {
  const { t } = useTranslation("model-page");
  const formats = useFormats();
  const labelWords = useLabelWords();
  const { strengths, annotators } = likelihood;
  const loss = (value: number) => formats.number(value, 4);
  const tried = Object.entries(strengths?.losses ?? {}).sort(([, a], [, b]) => a - b);
  const entered = labelWords(likelihood);
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={3} size="h4">
          {t("reading.title")}
        </Title>
        {entered.length > 0 && (
          <List size="sm" spacing={4} maw="80ch">
            {entered.map((sentence) => (
              <List.Item key={sentence}>{sentence}</List.Item>
            ))}
          </List>
        )}
        {strengths && (
          <Text size="sm" maw="80ch">
            {t(`reading.strengths.${strengths.chosen}`)}{" "}
            {tried.length > 0
              ? t("reading.chosen", { count: strengths.n, ways: formats.count(tried.length) })
              : t("reading.notTried")}
          </Text>
        )}
        {tried.length > 0 && (
          <DataTable
            caption={t("reading.tried")}
            columns={[
              { key: "way", title: t("reading.way") },
              { key: "loss", title: t("reading.loss"), numeric: true },
            ]}
            rows={tried.map(([name, value]) => ({
              key: name,
              cells: [
                name === strengths?.chosen ? (
                  <strong key="way">{t(`reading.ways.${name}`)}</strong>
                ) : (
                  t(`reading.ways.${name}`)
                ),
                loss(value),
              ],
            }))}
          />
        )}
        {annotators && annotators.fitted.length > 0 && (
          <>
            <Text size="sm" maw="80ch">
              {t(annotators.used ? "reading.apart" : "reading.alike", {
                alike: loss(annotators.losses.alike ?? 0),
                apart: loss(annotators.losses.by_annotator ?? 0),
              })}
            </Text>
            <Annotators fitted={annotators.fitted} />
          </>
        )}
        {likelihood.ratings && <Leniency read={likelihood.ratings} />}
      </Stack>
    </Card>
  );
}
