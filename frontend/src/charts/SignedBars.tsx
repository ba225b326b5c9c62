import { Fragment } from "react";
import { useTranslation } from "react-i18next";
import "./charts.css";
import classes from "./charts.module.css";
import { useFormats } from "./format";
import { placeOn, type Range } from "./scale";

export interface Bar {
  key: string;
  label: string;
  value: number;
  /** Half the width of a line through the bar's end. */
  spread?: number | null;
  /** The ends of a line through the bar's end, where it is not symmetrical. */
  interval?: readonly number[] | null;
  note?: string;
}

const whiskers = (bar: Bar): readonly number[] =>
  bar.interval ?? (bar.spread ? [bar.value - bar.spread, bar.value + bar.spread] : []);

/** The range that holds all bars with their spread and zero, with a little room. */
export function barRange(bars: readonly Bar[]): Range {
  const ends = bars.flatMap((bar) => [bar.value, ...whiskers(bar)]);
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const room = (high - low || 1) * 0.04;
  return [low < 0 ? low - room : 0, high > 0 ? high + room : low < 0 ? 0 : room];
}

/** Bars from a zero line: to the right what raises, to the left what lowers; the sign is written beside. */
export function SignedBars({
  bars,
  label,
  digits = 2,
  range = barRange(bars),
}: {
  bars: Bar[];
  label: string;
  digits?: number;
  range?: Range;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const at = placeOn(range);
  const share = (value: number) => Number.parseFloat(at(value));
  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is no fieldset
    <div className={classes.bars} role="group" aria-label={label}>
      {bars.map((bar) => {
        const from = Math.min(share(0), share(bar.value));
        const width = Math.abs(share(bar.value) - share(0));
        const colour = bar.value < 0 ? "var(--chart-second)" : "var(--chart-main)";
        const text = formats.signed(bar.value, digits);
        const [low, high] = whiskers(bar);
        const interval =
          bar.interval && low !== undefined && high !== undefined
            ? ` (${t("figure.interval", { low: formats.signed(low, digits), high: formats.signed(high, digits) })})`
            : "";
        return (
          <Fragment key={bar.key}>
            <span className={classes.label}>
              {bar.label}
              {bar.note && <span style={{ color: "var(--quiet)" }}> {bar.note}</span>}
            </span>
            <svg className={classes.bar} role="img" aria-label={`${bar.label}: ${text}${interval}`}>
              <rect x={`${from}%`} width={`${width}%`} y={3} height={14} fill={colour} />
              {low !== undefined && high !== undefined ? (
                <line
                  x1={at(low)}
                  x2={at(high)}
                  y1={10}
                  y2={10}
                  stroke="var(--chart-text)"
                  strokeWidth={2}
                />
              ) : null}
              <line x1={at(0)} x2={at(0)} y1={0} y2={20} stroke="var(--chart-quiet)" />
            </svg>
            <span style={{ textAlign: "end" }}>{text}</span>
          </Fragment>
        );
      })}
    </div>
  );
}
