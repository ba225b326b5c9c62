import { useElementSize } from "@mantine/hooks";
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
const RADIUS = 5;

/** About how wide a label is, in pixels; labels are short. */
const labelWidth = (text: string) => 24 + text.length * 7;

/** Puts marks that would cover each other on rows of their own; `spans` are their ends in pixels. */
export function stack(spans: readonly (readonly [left: number, right: number])[]): number[] {
  const order = spans.map((_, index) => index);
  order.sort((a, b) => (spans[a]?.[0] ?? 0) - (spans[b]?.[0] ?? 0));
  const ends: number[] = [];
  const rows = spans.map(() => 0);
  for (const index of order) {
    const [left, right] = spans[index] ?? [0, 0];
    const free = ends.findIndex((end) => end <= left);
    const row = free === -1 ? ends.length : free;
    ends[row] = right;
    rows[index] = row;
  }
  return rows;
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
  const { ref, width } = useElementSize();
  const text = (value: number) =>
    style === "percent" ? formats.percent(value) : formats.number(value, 1);
  const marks = points.map((point) => {
    const x = (Number.parseFloat(at(point.value)) / 100) * width;
    const before = x > width * 0.6;
    const reach = point.marked ? labelWidth(`${point.label} ${text(point.value)}`) : RADIUS + 1;
    const span = before
      ? ([x - reach, x + RADIUS + 1] as const)
      : ([x - RADIUS - 1, x + reach] as const);
    return { point, before, span };
  });
  const rows = stack(marks.map(({ span }) => span));
  const bottom = TOP + (Math.max(0, ...rows) + 1) * ROW;
  return (
    <div ref={ref}>
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
        {marks.map(({ point, before }, index) => {
          const y = TOP + (rows[index] ?? 0) * ROW;
          return (
            <svg key={point.key} x={at(point.value)} y={y} overflow="visible" aria-hidden="true">
              <title>{`${point.label}: ${text(point.value)}`}</title>
              {point.marked ? (
                <>
                  <path d="M0 -6 L6 0 L0 6 L-6 0 Z" fill="var(--chart-second)" />
                  <text
                    x={before ? -10 : 10}
                    y={4}
                    textAnchor={before ? "end" : "start"}
                    className={classes.onChart}
                  >
                    {`${point.label} ${text(point.value)}`}
                  </text>
                </>
              ) : (
                <circle r={RADIUS} fill="var(--chart-main)" fillOpacity={0.75} />
              )}
            </svg>
          );
        })}
      </svg>
    </div>
  );
}
