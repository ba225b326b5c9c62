import { Card } from "@mantine/core";
import { useTranslation } from "react-i18next";
import {
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Scatter,
  ScatterChart,
  Tooltip,
  XAxis,
  YAxis,
  ZAxis,
} from "recharts";
import type { Evaluation } from "../api/types";
import { ChartFrame } from "../charts/ChartFrame";
import { useFormats } from "../charts/format";
import { niceTicks } from "../charts/scale";

type Bins = NonNullable<Evaluation["reliability"]>;

/** How sure the model is beside how often it is right; points on the diagonal are honest. */
export function Reliability({ bins }: { bins: Bins }) {
  const { t } = useTranslation(["training", "charts"]);
  const formats = useFormats();
  const text = { fontSize: 11, fill: "var(--quiet)" };
  const ticks = niceTicks([0.5, 1, ...bins.map((bin) => bin.observed)]);
  const low = ticks[0] ?? 0;
  const total = bins.reduce((sum, bin) => sum + bin.n, 0);
  const gap = bins.reduce((sum, bin) => sum + (bin.predicted - bin.observed) * bin.n, 0) / total;
  const verdict = Math.abs(gap) < 0.03 ? "honest" : gap > 0 ? "over" : "under";
  return (
    <Card withBorder>
      <ChartFrame
        order={3}
        title={t("reliability.title")}
        sentence={t(`reliability.${verdict}`, { points: formats.points(gap) })}
        columns={[
          { key: "predicted", title: t("reliability.predicted"), numeric: true },
          { key: "observed", title: t("reliability.observed"), numeric: true },
          { key: "n", title: t("charts:n"), numeric: true },
        ]}
        rows={bins.map((bin) => ({
          key: String(bin.predicted),
          cells: [
            formats.percent(bin.predicted, 1),
            formats.percent(bin.observed, 1),
            formats.count(bin.n),
          ],
        }))}
        note={t("reliability.note")}
      >
        {/* biome-ignore lint/a11y/useSemanticElements: a chart is no fieldset */}
        <div role="group" aria-label={t("reliability.title")} style={{ maxWidth: 440 }}>
          <ResponsiveContainer width="100%" height={320} minWidth={0}>
            <ScatterChart margin={{ top: 8, right: 16, bottom: 16, left: 0 }}>
              <CartesianGrid stroke="var(--chart-grid)" />
              <XAxis
                dataKey="predicted"
                type="number"
                domain={[0.5, 1]}
                ticks={[0.5, 0.6, 0.7, 0.8, 0.9, 1]}
                tickFormatter={(value: number) => formats.percent(value)}
                tick={text}
                stroke="var(--chart-quiet)"
                label={{
                  value: t("reliability.predicted"),
                  position: "insideBottom",
                  offset: -10,
                  ...text,
                }}
              />
              <YAxis
                dataKey="observed"
                type="number"
                domain={[low, 1]}
                ticks={ticks}
                width={48}
                tickFormatter={(value: number) => formats.percent(value)}
                tick={text}
                stroke="var(--chart-quiet)"
                label={{
                  value: t("reliability.observed"),
                  angle: -90,
                  position: "insideLeft",
                  offset: 12,
                  ...text,
                }}
              />
              <ZAxis dataKey="n" range={[30, 260]} />
              <ReferenceLine
                segment={[
                  { x: 0.5, y: 0.5 },
                  { x: 1, y: 1 },
                ]}
                stroke="var(--chart-quiet)"
                strokeDasharray="4 4"
              />
              <Tooltip
                isAnimationActive={false}
                content={({ payload }) => {
                  const bin = payload?.[0]?.payload as Bins[number] | undefined;
                  return bin ? (
                    <div
                      style={{
                        background: "var(--mantine-color-body)",
                        border: "1px solid var(--rule)",
                        padding: 8,
                        fontSize: 12,
                      }}
                    >
                      {t("reliability.point", {
                        predicted: formats.percent(bin.predicted, 1),
                        observed: formats.percent(bin.observed, 1),
                        n: formats.count(bin.n),
                      })}
                    </div>
                  ) : null;
                }}
              />
              <Scatter data={bins} fill="var(--chart-main)" isAnimationActive={false} />
            </ScatterChart>
          </ResponsiveContainer>
        </div>
      </ChartFrame>
    </Card>
  );
}
