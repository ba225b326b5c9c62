import type { Figure } from "../api/types";

export type FigureStyle = "number" | "percent";

/** A number as text: percent with one decimal, or `digits` decimals. */
export function formatNumber(value: number, style: FigureStyle = "number", digits = 3): string {
  return style === "percent" ? `${(value * 100).toFixed(1)} %` : value.toFixed(digits);
}

export interface FigureText {
  value: string;
  low: string | null;
  high: string | null;
  n: string | null;
}

/** The parts of a published figure as text, or null where the figure is undefined. */
export function figureText(
  figure: Figure | null | undefined,
  style: FigureStyle = "number",
  digits = 3,
): FigureText | null {
  if (!figure || figure.value === null || figure.value === undefined) return null;
  const [low, high] = figure.interval ?? [null, null];
  return {
    value: formatNumber(figure.value, style, digits),
    low: low === null ? null : formatNumber(low, style, digits),
    high: high === null ? null : formatNumber(high, style, digits),
    n: figure.n === null || figure.n === undefined ? null : figure.n.toLocaleString("en"),
  };
}
