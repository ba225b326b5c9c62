import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ReviewSummary } from "../api/types";
import { DataTable } from "../charts/DataTable";
import { useFormats } from "../charts/format";
import { KindBadge } from "../charts/KindBadge";
import { Section } from "../shared/Section";
import { AnnotatorAside } from "./AnnotatorAside";

type Row = ReviewSummary["annotators"][number];

/** How often each annotator gave the answer that a reviewer decided on. */
export function DecisionsCard({ project, summary }: { project: string; summary: ReviewSummary }) {
  const { t } = useTranslation("review");
  const formats = useFormats();
  const [open, setOpen] = useState<Row | null>(null);
  const percent = (value: number | null | undefined) =>
    value === null || value === undefined ? "–" : formats.percent(value);
  const hint = [
    summary.adjudicated === 0 && t("people.none"),
    summary.adjudicated > 0 && t("people.decided", { count: summary.adjudicated }),
    summary.adjudicated > 0 && t("people.hint"),
    summary.adjudicated > summary.decisions_read &&
      t("people.hintNewest", { count: summary.decisions_read }),
  ].filter((part) => part !== false);
  return (
    <Section title={t("people.title")} hint={hint.join(" ")}>
      {summary.annotators.length > 0 && (
        <DataTable
          caption={t("people.title")}
          columns={[
            { key: "name", title: t("people.name") },
            { key: "kind", title: t("people.kind") },
            { key: "agreement", title: t("people.agreement"), numeric: true },
            { key: "interval", title: t("people.interval"), numeric: true },
            { key: "items", title: t("people.items"), numeric: true },
            { key: "aside", title: t("people.setAside"), numeric: true },
            { key: "action", title: t("people.action") },
          ]}
          rows={summary.annotators.map((row) => {
            const [low, high] = row.agreement.interval ?? [null, null];
            return {
              key: row.id,
              cells: [
                row.name,
                <KindBadge key="kind" kind={row.kind} />,
                row.agreement.value === null ? t("people.undefined") : percent(row.agreement.value),
                low === null ? "–" : `${percent(low)} – ${percent(high)}`,
                formats.count(row.agreement.n ?? 0),
                formats.count(row.set_aside),
                <Button
                  key="action"
                  size="compact-xs"
                  variant="default"
                  aria-label={`${t("aside.all")} ${row.name}`}
                  onClick={() => setOpen(row)}
                >
                  {t("aside.all")}
                </Button>,
              ],
            };
          })}
        />
      )}
      {open && <AnnotatorAside project={project} annotator={open} onClose={() => setOpen(null)} />}
    </Section>
  );
}
