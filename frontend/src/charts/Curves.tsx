import { useMediaQuery } from "@mantine/hooks";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import {
  CartesianGrid,
  ErrorBar,
  Line,
  LineChart,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from "recharts";
import "./charts.css";
import classes from "./charts.module.css";
import { type Style, useFormats, written } from "./format";
import { dodge, niceTicks } from "./scale";

export interface CurvePoint {
  x: number;
  value: number | null;
  low?: number | null;
  high?: number | null;
}

export interface Series {
  key: string;
  label: string;
  points: CurvePoint[];
}

export interface Guide {
  key: string;
  label: string;
  value: number;
  tone: "baseline" | "reference";
}

const LOOKS = [
  { stroke: "var(--chart-main)", dash: undefined },
  { stroke: "var(--chart-second)", dash: "7 4" },
  { stroke: "var(--chart-third)", dash: "2 3" },
] as const;

const HEIGHT = 280;
const MARGIN = { top: 20, right: 16, bottom: 4, left: 0 };
const AXIS = 36;
const LABEL_GAP = 13;
const TEXT = { fontSize: 11, fill: "var(--quiet)" };

type Merged = { x: number } & Record<string, number | [number, number] | null>;

/** One row for each x with every series' value and the distances to the ends of its interval. */
export function merge(series: readonly Series[]): Merged[] {
  const rows = new Map<number, Merged>();
  for (const { key, points } of series) {
    for (const point of points) {
      const row = rows.get(point.x) ?? ({ x: point.x } as Merged);
      row[key] = point.value;
      if (
        point.value !== null &&
        point.low !== null &&
        point.low !== undefined &&
        point.high !== null &&
        point.high !== undefined
      ) {
        row[`${key} ends`] = [point.value - point.low, point.high - point.value];
      }
      rows.set(point.x, row);
    }
  }
  return [...rows.values()].sort((a, b) => a.x - b.x);
}

function Legend({ series }: { series: readonly Series[] }) {
  if (series.length < 2) return null;
  return (
    <ul className={classes.legend}>
      {series.map((one, index) => {
        const look = LOOKS[index % LOOKS.length];
        return (
          <li key={one.key}>
            <svg width={28} height={8} aria-hidden="true">
              <line
                x1={0}
                x2={28}
                y1={4}
                y2={4}
                stroke={look?.stroke}
                strokeWidth={2}
                strokeDasharray={look?.dash}
              />
            </svg>
            {one.label}
          </li>
        );
      })}
    </ul>
  );
}

/** Lines over a number, with intervals, and other values as labelled horizontal lines. */
export function Curves({
  series,
  guides = [],
  style = "number",
  xLabel,
  xText = String,
  label,
}: {
  series: Series[];
  guides?: Guide[];
  style?: Style;
  xLabel: string;
  xText?: (x: number) => string;
  label: string;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const narrow = useMediaQuery("(max-width: 40em)") ?? false;
  const data = useMemo(() => merge(series), [series]);
  const values = [
    ...series.flatMap(({ points }) => points.flatMap((one) => [one.value, one.low, one.high])),
    ...guides.map((guide) => guide.value),
  ].filter((value): value is number => typeof value === "number");
  const ticks = niceTicks(values);
  const [low, high] = [ticks[0] ?? 0, ticks[ticks.length - 1] ?? 1];
  const inner = HEIGHT - MARGIN.top - MARGIN.bottom - AXIS;
  const heights = guides.map(({ value }) => ((high - value) / (high - low)) * inner);
  const places = dodge(heights, LABEL_GAP);
  const few = data.length <= 12;
  const fine = (ticks[1] ?? 1) - low < 0.0099;
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is no fieldset
    <div role="group" aria-label={label}>
      <Legend series={series} />
      <ResponsiveContainer width="100%" height={HEIGHT} minWidth={0}>
        <LineChart data={data} margin={MARGIN}>
          <CartesianGrid stroke="var(--chart-grid)" vertical={false} />
          <XAxis
            dataKey="x"
            type="number"
            domain={["dataMin", "dataMax"]}
            ticks={few ? data.map((row) => row.x) : undefined}
            tickFormatter={xText}
            height={AXIS}
            padding={{ left: guides.length && !narrow ? 150 : 16, right: 16 }}
            tick={TEXT}
            stroke="var(--chart-quiet)"
            label={{ value: xLabel, position: "insideBottom", offset: 0, ...TEXT }}
          />
          <YAxis
            domain={[low, high]}
            ticks={ticks}
            width={48}
            tickFormatter={(value: number) =>
              style === "percent"
                ? formats.percent(value, fine ? 1 : 0)
                : formats.number(value, fine ? 3 : 2)
            }
            tick={TEXT}
            stroke="var(--chart-quiet)"
          />
          <Tooltip
            isAnimationActive={false}
            labelFormatter={(x) => `${xLabel}: ${xText(Number(x))}`}
            formatter={(value, name, item) => {
              const ends = (item.payload as Merged)[`${String(item.dataKey)} ends`];
              const number = Number(value);
              const text = written(formats, style, number);
              if (!Array.isArray(ends)) return [text, name];
              const interval = t("figure.interval", {
                low: written(formats, style, number - ends[0]),
                high: written(formats, style, number + ends[1]),
              });
              return [`${text} (${interval})`, name];
            }}
            contentStyle={{
              background: "var(--mantine-color-body)",
              border: "1px solid var(--rule)",
              fontSize: 12,
            }}
            itemStyle={{ color: "var(--mantine-color-text)" }}
          />
          {guides.map((guide, index) => (
            <ReferenceLine
              key={guide.key}
              y={guide.value}
              stroke={guide.tone === "reference" ? "var(--chart-second)" : "var(--chart-quiet)"}
              strokeDasharray={guide.tone === "reference" ? "8 3" : "2 3"}
              strokeWidth={1.5}
              label={({ viewBox }: { viewBox?: { x?: number; y?: number } }) => (
                <text
                  x={(viewBox?.x ?? 0) + 4}
                  y={(viewBox?.y ?? 0) - 4 + (places[index] ?? 0) - (heights[index] ?? 0)}
                  className={classes.onChart}
                >
                  {`${guide.label} ${written(formats, style, guide.value)}`}
                </text>
              )}
            />
          ))}
          {series.map((one, index) => {
            const look = LOOKS[index % LOOKS.length];
            return (
              <Line
                key={one.key}
                dataKey={one.key}
                name={one.label}
                stroke={look?.stroke}
                strokeDasharray={look?.dash}
                strokeWidth={2}
                dot={few ? { r: 4, fill: look?.stroke, strokeDasharray: "none" } : false}
                connectNulls
                isAnimationActive={false}
              >
                <ErrorBar
                  dataKey={`${one.key} ends`}
                  width={6}
                  stroke={look?.stroke}
                  strokeWidth={1.5}
                  isAnimationActive={false}
                />
              </Line>
            );
          })}
        </LineChart>
      </ResponsiveContainer>
    </div>
  );
}
