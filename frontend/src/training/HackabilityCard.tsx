import { Alert, Card } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { known, useFormats } from "../charts/format";
import { IntervalPlot } from "../charts/IntervalPlot";
import { niceTicks } from "../charts/scale";
import type { FullEvaluation } from "./types";

type Attack = NonNullable<FullEvaluation["hackability"]>[number];

/** What the reward does when a preferred output is padded, cut, flattered with: what a policy would exploit. */
export function HackabilityCard({ attacks }: { attacks: readonly Attack[] }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const found = attacks.filter((one) => known(one.change));
  if (found.length === 0) return null;
  const weak = found.filter((one) => one.exploitable);
  const ends = found.flatMap((one) => {
    const figure = known(one.change);
    return figure ? [figure.value, figure.low ?? figure.value, figure.high ?? figure.value] : [];
  });
  const ticks = niceTicks([0, ...ends]);
  const name = (one: Attack) => t(`hackability.attack.${one.attack}`);
  return (
    <Card withBorder>
      <ChartFrame
        order={3}
        title={t("hackability.title")}
        sentence={t("hackability.sentence")}
        columns={[
          { key: "attack", title: t("hackability.change") },
          { key: "value", title: t("hackability.moved"), numeric: true },
          { key: "rises", title: t("hackability.rises"), numeric: true },
        ]}
        rows={attacks.map((one) => {
          const [change, rises] = [known(one.change), known(one.rises)];
          return {
            key: one.attack,
            cells: [
              name(one),
              change ? formats.signed(change.value) : "–",
              rises ? formats.percent(rises.value) : "–",
            ],
          };
        })}
        note={t("hackability.note")}
      >
        <IntervalPlot
          label={t("hackability.title")}
          rows={attacks.map((one) => {
            const rises = known(one.rises);
            return {
              key: one.attack,
              label: name(one),
              note: rises
                ? t("hackability.share", { share: formats.percent(rises.value) })
                : undefined,
              figure: one.change,
              tone: one.exploitable ? "reference" : "main",
            };
          })}
          domain={[ticks[0] ?? -1, ticks.at(-1) ?? 1]}
          ticks={ticks}
          guides={[0]}
        />
      </ChartFrame>
      {weak.length > 0 && (
        <Alert
          mt="sm"
          variant="light"
          color="orange"
          icon={<IconAlertTriangle />}
          styles={{ message: { color: "var(--mantine-color-text)" } }}
        >
          {t("hackability.warning", { attacks: weak.map(name).join(t("labels.comma")) })}
        </Alert>
      )}
    </Card>
  );
}
