import { Alert, Card, Stack, Text } from "@mantine/core";
import { IconInfoCircle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { AgreementMeasure } from "../api/types";
import { ChartFrame } from "../charts/ChartFrame";
import { known, useFormats } from "../charts/format";
import { IntervalPlot } from "../charts/IntervalPlot";
import { useReason } from "../charts/reasons";
import { PairTable } from "./PairTable";
import type { KindFilter, QuestionAgreement } from "./types";

const DOMAIN = [-0.2, 1] as const;
const TICKS = [-0.2, 0, 0.2, 0.4, 0.6, 0.8, 1];
const FEW = 30;

const keyOf = (measure: AgreementMeasure) =>
  measure.level ? `${measure.name}_${measure.level}` : measure.name;

/** Landis and Koch's (1977) words for agreement beyond chance. */
export function band(
  value: number,
): "none" | "slight" | "fair" | "moderate" | "substantial" | "high" {
  if (value <= 0) return "none";
  if (value <= 0.2) return "slight";
  if (value <= 0.4) return "fair";
  if (value <= 0.6) return "moderate";
  return value <= 0.8 ? "substantial" : "high";
}

/** The figures of a question in one or two plain sentences. */
function useSentence(question: QuestionAgreement, kind: KindFilter): string {
  const { t } = useTranslation("agreement");
  const formats = useFormats();
  const find = (name: string, level?: string) =>
    question.measures.find((one) => one.name === name && (!level || one.level === level));
  const percent = find("percent_agreement");
  const within = find("within_one");
  const tau = find("kendall_tau_b");
  const level = question.kind === "rating" ? "interval" : "nominal";
  const alpha = find("krippendorff_alpha", level) ?? find("krippendorff_alpha");
  const parts: string[] = [];
  const who = t(`who.${kind}`);
  if (typeof percent?.value === "number") {
    parts.push(
      t(question.kind === "rating" ? "sentence.score" : "sentence.percent", {
        who,
        share: formats.percent(percent.value),
        count: percent.units ?? 0,
        items: formats.count(percent.units ?? 0),
      }),
    );
  }
  if (typeof within?.value === "number") {
    parts.push(t("sentence.within", { share: formats.percent(within.value) }));
  }
  if (typeof tau?.value === "number" && !percent) {
    parts.push(
      t("sentence.ranking", {
        who,
        value: formats.number(tau.value),
        count: tau.units ?? 0,
        items: formats.count(tau.units ?? 0),
      }),
    );
  }
  if (typeof alpha?.value === "number") {
    parts.push(
      t("sentence.alpha", {
        band: t(`band.${band(alpha.value)}`),
        value: formats.number(alpha.value),
      }),
    );
  }
  return parts.length > 0 ? parts.join(" ") : t("sentence.none", { who });
}

/** One question: what its figures mean, each figure with its interval, and the pairs of annotators. */
export function QuestionCard({
  question,
  kind,
}: {
  question: QuestionAgreement;
  kind: KindFilter;
}) {
  const { t } = useTranslation(["agreement", "charts"]);
  const formats = useFormats();
  const reason = useReason();
  const sentence = useSentence(question, kind);
  const asked = useProject().questions.find((one) => one.name === question.name);
  const title = asked?.title || question.name;
  if (question.measures.length === 0) {
    return (
      <Card withBorder>
        <Text fw={600}>{title}</Text>
        <Text size="sm" c="var(--quiet)">
          {t("noMeasures")}
        </Text>
      </Card>
    );
  }
  const units = Math.max(0, ...question.measures.map((measure) => measure.units ?? 0));
  const defined = question.measures.some((measure) => measure.value !== null);
  return (
    <Card withBorder>
      <Stack gap="sm">
        <ChartFrame
          order={2}
          title={title}
          sentence={<Text fw={600}>{sentence}</Text>}
          columns={[
            { key: "measure", title: t("charts:measure") },
            { key: "value", title: t("charts:value"), numeric: true },
            { key: "low", title: t("charts:low"), numeric: true },
            { key: "high", title: t("charts:high"), numeric: true },
            { key: "units", title: t("items"), numeric: true },
          ]}
          rows={question.measures.map((measure) => {
            const found = known(measure);
            const number = (value: number | null | undefined) =>
              typeof value === "number" ? formats.number(value, 4) : "–";
            return {
              key: keyOf(measure),
              cells: [
                t(`measure.${keyOf(measure)}.name`),
                found ? number(found.value) : reason(measure.reason),
                number(found?.low),
                number(found?.high),
                formats.count(measure.units ?? 0),
              ],
            };
          })}
          note={t("note", {
            annotators: formats.count(question.annotators),
            units: formats.count(question.units),
          })}
        >
          <IntervalPlot
            label={title}
            domain={DOMAIN}
            ticks={TICKS}
            guides={[0]}
            rows={question.measures.map((measure) => ({
              key: keyOf(measure),
              label: t(`measure.${keyOf(measure)}.name`),
              note: t(`measure.${keyOf(measure)}.hint`),
              figure: { ...measure, n: measure.units },
            }))}
          />
        </ChartFrame>
        {defined && units < FEW && (
          <Alert variant="light" color="gray" icon={<IconInfoCircle />}>
            {t("few", { count: units })}
          </Alert>
        )}
        {question.pairs.length > 0 && <PairTable pairs={question.pairs} />}
      </Stack>
    </Card>
  );
}
