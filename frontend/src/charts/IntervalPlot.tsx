import { Fragment, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Figure } from "../api/types";
import "./charts.css";
import classes from "./charts.module.css";
import { known, type Style, useFormats, written } from "./format";
import { useReason } from "./reasons";
import { placeOn, type Range } from "./scale";

/** What a row is: shape and colour both say it. */
export type Tone = "main" | "baseline" | "reference";

export interface IntervalRow {
  key: string;
  label: string;
  figure: Figure | null | undefined;
  tone?: Tone;
  /** Beside the label, in quieter words. */
  note?: ReactNode;
}

const COLOURS: Record<Tone, string> = {
  main: "var(--chart-main)",
  baseline: "var(--chart-quiet)",
  reference: "var(--chart-second)",
};

function Mark({ tone }: { tone: Tone }) {
  const colour = COLOURS[tone];
  if (tone === "baseline") {
    return (
      <rect
        x={-4}
        y={-4}
        width={8}
        height={8}
        fill="var(--mantine-color-body)"
        stroke={colour}
        strokeWidth={2}
      />
    );
  }
  if (tone === "reference") return <path d="M0 -6 L6 0 L0 6 L-6 0 Z" fill={colour} />;
  return <circle r={5} fill={colour} />;
}

/**
 * One row for each figure: its point with the interval as a line, directly labelled; undefined ones say why.
 * All rows share the axis `domain`; `guides` are values worth a vertical line (chance, zero).
 */
export function IntervalPlot({
  rows,
  domain,
  ticks,
  guides = [],
  style = "number",
  label,
}: {
  rows: IntervalRow[];
  domain: Range;
  ticks: number[];
  guides?: number[];
  style?: Style;
  label: string;
}) {
  const { t } = useTranslation();
  const formats = useFormats();
  const reason = useReason();
  const at = placeOn(domain);
  const text = (value: number) => written(formats, style, value);

  return (
    // biome-ignore lint/a11y/useSemanticElements: a chart is no fieldset
    <div className={classes.interval} role="group" aria-label={label}>
      {rows.map((row) => {
        const found = known(row.figure);
        const tone = row.tone ?? "main";
        const head = (
          <div className={classes.label}>
            {row.label}
            {row.note && <div style={{ color: "var(--quiet)", fontSize: "12px" }}>{row.note}</div>}
          </div>
        );
        if (!found) {
          return (
            <div key={row.key} className={classes.row}>
              {head}
              <div className={classes.reason}>{reason(row.figure?.reason)}</div>
            </div>
          );
        }
        const interval =
          found.low !== null && found.high !== null
            ? t("figure.interval", { low: text(found.low), high: text(found.high) })
            : null;
        return (
          <div key={row.key} className={classes.row}>
            {head}
            <div className={classes.plotCell}>
              <svg
                className={classes.plot}
                role="img"
                aria-label={`${row.label}: ${text(found.value)}${interval ? ` (${interval})` : ""}`}
              >
                {ticks.map((tick) => (
                  <line
                    key={tick}
                    x1={at(tick)}
                    x2={at(tick)}
                    y1="0"
                    y2="100%"
                    stroke="var(--chart-grid)"
                  />
                ))}
                {guides.map((guide) => (
                  <line
                    key={`guide ${guide}`}
                    x1={at(guide)}
                    x2={at(guide)}
                    y1="0"
                    y2="100%"
                    stroke="var(--chart-quiet)"
                    strokeDasharray="3 3"
                  />
                ))}
                {found.low !== null && found.high !== null && (
                  <line
                    x1={at(found.low)}
                    x2={at(found.high)}
                    y1="50%"
                    y2="50%"
                    stroke={COLOURS[tone]}
                    strokeWidth={3}
                    strokeLinecap="round"
                    strokeOpacity={0.6}
                  />
                )}
                <svg x={at(found.value)} y="50%" overflow="visible" aria-hidden="true">
                  <Mark tone={tone} />
                </svg>
              </svg>
            </div>
            <div className={classes.value}>
              <strong>{text(found.value)}</strong>
              {interval && (
                <div style={{ color: "var(--quiet)", fontSize: "12px" }}>
                  {interval}
                  {row.figure?.n ? ` · ${t("figure.n", { n: formats.count(row.figure.n) })}` : ""}
                </div>
              )}
            </div>
          </div>
        );
      })}
      <div className={classes.axisLabel} />
      <svg className={classes.axis} aria-hidden="true">
        {ticks.map((tick, index) => (
          <Fragment key={tick}>
            <text
              x={at(tick)}
              y={12}
              className={classes.tick}
              textAnchor={index === 0 ? "start" : index === ticks.length - 1 ? "end" : "middle"}
            >
              {style === "percent" ? formats.percent(tick) : formats.number(tick, 1)}
            </text>
          </Fragment>
        ))}
      </svg>
      <div className={classes.axisValue} />
    </div>
  );
}
