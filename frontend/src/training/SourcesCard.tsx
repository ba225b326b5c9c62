import { Card, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { known, useFormats } from "../charts/format";
import { IntervalPlot } from "../charts/IntervalPlot";
import { useReason } from "../charts/reasons";
import { FigureValue } from "../shared/FigureValue";
import type { FullEvaluation } from "./types";

type Sources = NonNullable<FullEvaluation["sources"]>;
const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** How the model orders outputs of a source that it learned nothing of, beside those of one it knows. */
export function SourcesCard({ found }: { found: Sources }) {
  const { t } = useTranslation("doubt");
  const formats = useFormats();
  const reason = useReason();
  if (found.reason) {
    return (
      <Card withBorder>
        <Title order={3} size="h4">
          {t("sources.title")}
        </Title>
        <Text size="sm">{t(`sources.nothing.${found.reason}`)}</Text>
      </Card>
    );
  }
  const measured = found.sources.flatMap((one) => {
    const [change, without] = [known(one.change), known(one.without)];
    return change && without
      ? [{ source: one.source, change: change.value, without: without.value }]
      : [];
  });
  const worst = measured.toSorted((one, other) => one.change - other.change)[0];
  return (
    <Card withBorder>
      <ChartFrame
        order={3}
        title={t("sources.title")}
        sentence={[
          t("sources.sentence"),
          worst &&
            t("sources.worst", {
              source: worst.source,
              change: formats.points(worst.change),
              without: formats.percent(worst.without),
            }),
        ]
          .filter(Boolean)
          .join(" ")}
        columns={[
          { key: "source", title: t("sources.source") },
          { key: "labels", title: t("sources.labels"), numeric: true },
          { key: "within", title: t("sources.within"), numeric: true },
          { key: "without", title: t("sources.without"), numeric: true },
          { key: "change", title: t("sources.change"), numeric: true },
        ]}
        rows={found.sources.map((one) => {
          const change = known(one.change);
          return {
            key: one.source,
            cells: [
              one.source,
              formats.count(one.labels),
              <FigureValue key="within" figure={one.within} style="percent" />,
              known(one.without) ? (
                <FigureValue key="without" figure={one.without} style="percent" />
              ) : (
                reason(one.without.reason)
              ),
              change ? formats.points(change.value) : "–",
            ],
          };
        })}
        note={[
          t("sources.note"),
          found.left_out > 0 && t("sources.leftOut", { count: found.left_out }),
        ]
          .filter(Boolean)
          .join(" ")}
      >
        <IntervalPlot
          label={t("sources.title")}
          rows={found.sources.flatMap((one) => [
            {
              key: `${one.source} within`,
              label: one.source,
              note: t("sources.within"),
              figure: one.within,
              tone: "baseline" as const,
            },
            {
              key: `${one.source} without`,
              label: one.source,
              note: `${t("sources.without")} · ${t("sources.labelsLeft", { labels: formats.count(one.labels) })}`,
              figure: one.without,
            },
          ])}
          domain={[0, 1]}
          ticks={SHARES}
          guides={[0.5]}
          style="percent"
        />
      </ChartFrame>
    </Card>
  );
}
