import "./charts.css";
import classes from "./charts.module.css";
import { type Style, useFormats } from "./format";
import { placeOn, type Range } from "./scale";

export interface StripPoint {
  key: string;
  label: string;
  value: number;
  /** Drawn as a labelled diamond instead of a dot. */
  marked: boolean;
}

const ROW = 14;
const TOP = 20;

/** Puts points that would cover each other on rows of their own. */
export function stack(points: readonly StripPoint[], [low, high]: Range): number[] {
  const width = (high - low) / 40;
  const rows: number[] = [];
  const order = points.map((_, index) => index);
  order.sort((a, b) => (points[a]?.value ?? 0) - (points[b]?.value ?? 0));
  const answer = points.map(() => 0);
  for (const index of order) {
    const value = points[index]?.value ?? 0;
    const needed = points[index]?.marked ? 6 * width : width;
    const free = rows.findIndex((end) => value - end >= width);
    const row = free === -1 ? rows.length : free;
    rows[row] = value + needed - width;
    answer[index] = row;
  }
  return answer;
}

/** All values on one axis, each a dot; those that stand out have another shape and their name. */
export function StripPlot({
  points,
  domain,
  ticks,
  style = "percent",
  label,
}: {
  points: StripPoint[];
  domain: Range;
  ticks: number[];
  style?: Style;
  label: string;
}) {
  const formats = useFormats();
  const at = placeOn(domain);
  const rows = stack(points, domain);
  const bottom = TOP + (Math.max(0, ...rows) + 1) * ROW;
  const text = (value: number) =>
    style === "percent" ? formats.percent(value) : formats.number(value, 1);
  return (
    <svg className={classes.strip} height={bottom + 24} role="img" aria-label={label}>
      {ticks.map((tick, index) => (
        <g key={tick}>
          <line x1={at(tick)} x2={at(tick)} y1={4} y2={bottom} stroke="var(--chart-grid)" />
          <text
            x={at(tick)}
            y={bottom + 16}
            className={classes.tick}
            textAnchor={index === 0 ? "start" : index === ticks.length - 1 ? "end" : "middle"}
          >
            {text(tick)}
          </text>
        </g>
      ))}
      {points.map((point, index) => {
        const y = TOP + (rows[index] ?? 0) * ROW;
        const late = point.value > domain[0] + (domain[1] - domain[0]) * 0.75;
        return (
          <svg key={point.key} x={at(point.value)} y={y} overflow="visible" aria-hidden="true">
            <title>{`${point.label}: ${text(point.value)}`}</title>
            {point.marked ? (
              <>
                <path d="M0 -6 L6 0 L0 6 L-6 0 Z" fill="var(--chart-second)" />
                <text
                  x={late ? -10 : 10}
                  y={4}
                  textAnchor={late ? "end" : "start"}
                  className={classes.onChart}
                >
                  {`${point.label} ${text(point.value)}`}
                </text>
              </>
            ) : (
              <circle r={5} fill="var(--chart-main)" fillOpacity={0.75} />
            )}
          </svg>
        );
      })}
    </svg>
  );
}
