import { Alert, Card, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { DataTable } from "../charts/DataTable";
import { type Formats, useFormats } from "../charts/format";
import { KindBadge } from "../charts/KindBadge";
import { StripPlot } from "../charts/StripPlot";
import { type Outlier, outliersOf } from "./outliers";
import type { AnnotatorFigures } from "./types";

const DOMAIN = [0, 1] as const;
const TICKS = [0, 0.25, 0.5, 0.75, 1];

function Rate({
  value,
  ends,
  n,
  formats,
}: {
  value: number | null;
  ends: [number, number] | null;
  n: number;
  formats: Formats;
}) {
  const { t } = useTranslation();
  if (value === null) return <>–</>;
  return (
    <>
      {formats.percent(value)}
      <Text size="xs" c="var(--quiet)" style={{ whiteSpace: "nowrap" }}>
        {ends
          ? t("figure.interval", { low: formats.percent(ends[0]), high: formats.percent(ends[1]) })
          : t("figure.n", { n: formats.count(n) })}
      </Text>
    </>
  );
}

function useOutlierText(): (outlier: Outlier) => string {
  const { t } = useTranslation("agreement");
  const formats = useFormats();
  return ({ kind, value, others }) => {
    const text = (number: number) =>
      kind === "quick" ? formats.seconds(number / 1000) : formats.percent(number);
    return t(`outlier.${kind}`, {
      value: text(value),
      others: others === null ? "–" : text(others),
    });
  };
}

/** Each annotator beside the others, and first of all what stands out, in words. */
export function AnnotatorsCard({ annotators }: { annotators: AnnotatorFigures[] }) {
  const { t } = useTranslation("agreement");
  const formats = useFormats();
  const outlierText = useOutlierText();
  const rows = annotators.map((one) => ({ one, outliers: outliersOf(one, annotators) }));
  const striking = rows.filter(({ outliers }) => outliers.length > 0);
  const compared = rows.filter(({ one }) => one.agreement_with_others !== null);
  return (
    <Card withBorder>
      <Stack gap="md">
        <Title order={2} size="h4">
          {t("annotators.title")}
        </Title>
        {striking.map(({ one, outliers }) => (
          <Alert
            key={one.name}
            color="orange"
            variant="light"
            icon={<IconAlertTriangle />}
            title={one.name}
            styles={{ title: { color: "var(--mantine-color-text)" } }}
          >
            {outliers.map((outlier) => (
              <div key={outlier.kind}>{outlierText(outlier)}</div>
            ))}
          </Alert>
        ))}
        {compared.length > 1 && (
          <ChartFrame
            title={t("annotators.strip")}
            sentence={t("annotators.stripSentence")}
            columns={[
              { key: "name", title: t("annotators.name") },
              { key: "value", title: t("annotators.agreement"), numeric: true },
              { key: "n", title: t("items"), numeric: true },
            ]}
            rows={compared.map(({ one }) => ({
              key: one.name,
              cells: [
                one.name,
                formats.percent(one.agreement_with_others ?? 0, 1),
                formats.count(one.agreement_with_others_n),
              ],
            }))}
          >
            <StripPlot
              label={t("annotators.strip")}
              domain={DOMAIN}
              ticks={TICKS}
              points={compared.map(({ one, outliers }) => ({
                key: one.name,
                label: one.name,
                value: one.agreement_with_others ?? 0,
                marked: outliers.length > 0 || compared.length <= 4,
              }))}
            />
          </ChartFrame>
        )}
        <DataTable
          caption={t("annotators.title")}
          columns={[
            { key: "name", title: t("annotators.name") },
            { key: "kind", title: t("annotators.kind") },
            { key: "labels", title: t("annotators.labels"), numeric: true },
            { key: "agreement", title: t("annotators.agreement"), numeric: true },
            { key: "first", title: t("annotators.first"), numeric: true },
            { key: "longer", title: t("annotators.longer"), numeric: true },
            { key: "tie", title: t("annotators.tie"), numeric: true },
            { key: "time", title: t("annotators.time"), numeric: true },
          ]}
          rows={rows.map(({ one, outliers }) => ({
            key: one.name,
            cells: [
              <span key="name">
                {one.name}
                {outliers.length > 0 && (
                  <IconAlertTriangle
                    size={14}
                    role="img"
                    aria-label={t("annotators.standsOut")}
                    style={{ marginInlineStart: 4, verticalAlign: "-2px" }}
                  />
                )}
              </span>,
              <KindBadge key="kind" kind={one.kind} />,
              formats.count(one.judgments),
              <Rate
                key="agreement"
                value={one.agreement_with_others}
                ends={one.agreement_with_others_interval}
                n={one.agreement_with_others_n}
                formats={formats}
              />,
              <Rate
                key="first"
                value={one.first_position_rate}
                ends={one.first_position_interval}
                n={one.first_position_n}
                formats={formats}
              />,
              <Rate
                key="longer"
                value={one.longer_rate}
                ends={one.longer_interval}
                n={one.longer_n}
                formats={formats}
              />,
              <Rate
                key="tie"
                value={one.tie_rate}
                ends={one.tie_interval}
                n={one.tie_n}
                formats={formats}
              />,
              one.median_active_ms === null ? "–" : formats.seconds(one.median_active_ms / 1000),
            ],
          }))}
        />
        <Text size="xs" c="var(--quiet)">
          {t("annotators.note")}
        </Text>
      </Stack>
    </Card>
  );
}
