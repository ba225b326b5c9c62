import { useTranslation } from "react-i18next";
import type { Figure } from "../api/types";
import { known, useFormats } from "../charts/format";
import { useReason } from "../charts/reasons";
import type { Finding, Weakness } from "./card-types";
import { usePartNames } from "./part-names";

export type CardStyle = "share" | "number";

const NUMBERS: readonly string[] = ["overconfident", "timid", "flat", "agreement_chance"];
const COUNTS: readonly string[] = [
  "must_pass",
  "even_parts",
  "withstands",
  "few_labels",
  "few_groups",
  "shared",
  "one_annotator",
  "small_parts",
];
const MOST_NAMES = 12;

/** A figure in one line with its interval and n, or why there is none. */
export function useFigureText(): (figure: Figure, style: CardStyle) => string {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const reason = useReason();
  return (figure, style) => {
    const found = known(figure);
    if (!found) return reason(figure.reason);
    const shown = (value: number) =>
      style === "share" ? formats.percent(value, 1) : formats.number(value, 3);
    const notes = [
      found.low !== null && found.high !== null
        ? t("figure.range", { low: shown(found.low), high: shown(found.high) })
        : null,
      typeof figure.n === "number" ? t("figure.n", { n: formats.count(figure.n) }) : null,
    ].filter(Boolean);
    const value = shown(found.value);
    return notes.length > 0 ? t("figure.whole", { value, notes: notes.join(t("comma")) }) : value;
  };
}

/** A weakness in words, with its figures. */
export const useWeaknessText = (): ((weakness: Weakness) => string) => useWords("weakness");

/** A finding in words, with its figures. */
export const useFindingText = (): ((finding: Finding) => string) => useWords("finding");

function useWords(group: "weakness" | "finding"): (told: Weakness | Finding) => string {
  const { t } = useTranslation(["card", "training", "charts"]);
  const formats = useFormats();
  const figureText = useFigureText();
  const reason = useReason();
  const names = usePartNames();
  const listed = (all: string[]) => {
    const more = all.length - MOST_NAMES;
    const first = all.slice(0, MOST_NAMES);
    return [...first, ...(more > 0 ? [t("weaknesses.more", { count: more })] : [])].join(
      t("comma"),
    );
  };
  const nameOf = (code: string, name: string) => {
    if (code === "exploitable")
      return t(`training:hackability.attack.${name}`, { defaultValue: name });
    if (code === "baseline") return t(`training:beside.${name}`, { defaultValue: name });
    if (code === "not_people") return t(`charts:kind.${name}`, { defaultValue: name });
    return name;
  };
  return (told) => {
    const { code, figure, against, names: about, parts } = told;
    const gap = "gap" in told ? told.gap : null;
    const style: CardStyle = NUMBERS.includes(code) ? "number" : "share";
    const written = (value: number | null | undefined) => {
      if (typeof value !== "number") return "";
      if (COUNTS.includes(code)) return formats.count(value);
      return style === "share" ? formats.percent(value, 1) : formats.number(value, 3);
    };
    return t(`${group}.${code}`, {
      figure: figure && (COUNTS.includes(code) ? written(figure.value) : figureText(figure, style)),
      against: written(against),
      gap: gap === null ? "" : formats.number(Math.abs(gap) * 100, 1),
      reason: reason(figure?.reason),
      names: listed(about.map((name) => nameOf(code, name))),
      parts: listed(parts.map((part) => `${names.dimension(part.by)}: ${names.part(part)}`)),
    });
  };
}
