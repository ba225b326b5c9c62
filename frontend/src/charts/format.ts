import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Figure } from "../api/types";

/** Numbers, times and sizes as the reader's language writes them. */
export interface Formats {
  count: (value: number) => string;
  number: (value: number, digits?: number) => string;
  signed: (value: number, digits?: number) => string;
  /** A share from 0 to 1. */
  percent: (value: number, digits?: number) => string;
  /** A difference of shares in percentage points, with its sign. */
  points: (value: number) => string;
  seconds: (value: number) => string;
  bytes: (value: number) => string;
  day: (iso: string) => string;
  moment: (iso: string) => string;
}

const UNITS: [string, number][] = [
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];

export function formatsFor(language: string): Formats {
  const number = (value: number, options: Intl.NumberFormatOptions) =>
    new Intl.NumberFormat(language, options).format(value);
  const fixed = (digits: number) => ({
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
  return {
    count: (value) => number(value, { maximumFractionDigits: 0 }),
    number: (value, digits = 2) => number(value, fixed(digits)),
    signed: (value, digits = 2) => number(value, { ...fixed(digits), signDisplay: "exceptZero" }),
    percent: (value, digits = 0) => `${number(value * 100, fixed(digits))}\u00a0%`,
    points: (value) => number(value * 100, { ...fixed(1), signDisplay: "exceptZero" }),
    seconds: (value) => {
      const [unit, size] = UNITS.find(([, one]) => value >= one) ?? ["second", 1];
      const amount = value / size;
      return number(amount, {
        style: "unit",
        unit,
        unitDisplay: language.startsWith("zh") ? "long" : "short",
        maximumFractionDigits: amount < 10 ? 1 : 0,
      });
    },
    bytes: (value) => {
      const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
      const step = Math.min(Math.floor(Math.log10(Math.max(value, 1)) / 3), units.length - 1);
      return number(value / 1000 ** step, {
        style: "unit",
        unit: units[step],
        unitDisplay: "short",
        maximumFractionDigits: step ? 1 : 0,
      });
    },
    day: (iso) =>
      new Intl.DateTimeFormat(language, { month: "short", day: "numeric", timeZone: "UTC" }).format(
        Date.parse(iso),
      ),
    moment: (iso) =>
      new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" }).format(
        Date.parse(iso),
      ),
  };
}

export function useFormats(): Formats {
  const { i18n } = useTranslation();
  const language = i18n.resolvedLanguage === "zh" ? "zh-Hans" : "en";
  return useMemo(() => formatsFor(language), [language]);
}

/** How one kind of figure is written, and its scale. */
export type Style = "number" | "percent";

export const written = (formats: Formats, style: Style, value: number) =>
  style === "percent" ? formats.percent(value, 1) : formats.number(value, 2);

/** A value with its ends as numbers, where the figure is defined. */
export function known(
  figure: Figure | null | undefined,
): { value: number; low: number | null; high: number | null } | null {
  if (!figure || figure.value === null || figure.value === undefined) return null;
  const [low, high] = figure.interval ?? [null, null];
  return { value: figure.value, low, high };
}
