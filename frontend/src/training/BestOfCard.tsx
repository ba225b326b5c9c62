import { Card } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { Curves } from "../charts/Curves";
import { known, useFormats } from "../charts/format";
import type { FullEvaluation } from "./types";

type Point = NonNullable<FullEvaluation["best_of_n"]>[number];

/** The human score of the best of n outputs by reward, beside choosing by people themselves. */
export function BestOfCard({ points }: { points: readonly Point[] }) {
  const { t } = useTranslation(["training", "charts"]);
  const formats = useFormats();
  const line = (key: "reward" | "best") =>
    points.flatMap((point) => {
      const found = known(point[key]);
      return found ? [{ x: point.n, ...found }] : [];
    });
  const [byReward, byPeople] = [line("reward"), line("best")];
  const [first, last] = [byReward[0], byReward.at(-1)];
  if (!first || !last || byReward.length < 2) return null;
  return (
    <Card withBorder>
      <ChartFrame
        order={3}
        title={t("bestOf.title")}
        sentence={t("bestOf.sentence", {
          n: formats.count(last.x),
          from: formats.percent(first.value),
          to: formats.percent(last.value),
          most: formats.percent(byPeople.at(-1)?.value ?? last.value),
        })}
        columns={[
          { key: "n", title: "n", numeric: true },
          { key: "reward", title: t("bestOf.reward"), numeric: true },
          { key: "best", title: t("bestOf.best"), numeric: true },
          { key: "prompts", title: t("bestOf.prompts"), numeric: true },
        ]}
        rows={points.map((point) => ({
          key: String(point.n),
          cells: [
            formats.count(point.n),
            formats.percent(known(point.reward)?.value ?? 0, 1),
            formats.percent(known(point.best)?.value ?? 0, 1),
            formats.count(point.prompts),
          ],
        }))}
        note={t("bestOf.note")}
      >
        <Curves
          series={[
            { key: "reward", label: t("bestOf.reward"), points: byReward },
            { key: "best", label: t("bestOf.best"), points: byPeople },
          ]}
          style="percent"
          xLabel={t("bestOf.outputs")}
          xText={formats.count}
          label={t("bestOf.title")}
        />
      </ChartFrame>
    </Card>
  );
}
