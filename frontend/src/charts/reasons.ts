import { useTranslation } from "react-i18next";

/** The reasons that the server gives for an undefined figure, in the reader's language. */
const REASONS: [RegExp, string][] = [
  [/^no unit has two ratings/, "noUnits"],
  [/^all ratings are equal/, "noVariation"],
  [/^raters per unit differ/, "ratersDiffer"],
  [/^raters are not crossed/, "notCrossed"],
  [/mean ratings do not differ/, "noUnitVariation"],
  [/^no two annotators ranked/, "allTied"],
  [/no unit of this annotator has a human majority/, "noMajority"],
  [/order all held-out pairs alike/, "noSlope"],
  [/^needs \d+ decided held-out pairs/, "tooFewPairs"],
  [/^needs held-out pairs that the longer output won/, "noLengthBalance"],
  [/^no held-out pair was judged by two/, "noSecondAnnotator"],
  [/^no ties among/, "noTies"],
  [/^no held-out output is known to be good/, "noGoodKnown"],
  [/^no good output in the validation/, "noThreshold"],
  [/^no held-out output is called good/, "nothingCalledGood"],
  [/^no held-out output is good/, "nothingGood"],
  [/^needs a good output and another/, "needsBoth"],
  [/^needs good and other outputs/, "needsBoth"],
  [/^fewer than two named sources/, "noSources"],
  [/^no pair of different sources/, "noSources"],
  [/no deviation with its rewards/, "noDeviation"],
  [/^fewer than \d+ groups of held-out prompts/, "tooFewGroups"],
  [/^(the rewards of a prompt's outputs are all|all rewards are) equal/, "equalRewards"],
  [/^fewer than \d+ held-out winners/, "fewWinners"],
  [/^too few labels without this source/, "fewWithout"],
  [/^not measured/, "notMeasured"],
  [/^(no held-out|no decided) /, "noHeldOut"],
];

export function reasonKey(reason: string): string | null {
  return REASONS.find(([pattern]) => pattern.test(reason))?.[1] ?? null;
}

export function useReason(): (reason: string | null | undefined) => string {
  const { t } = useTranslation("charts");
  return (reason) => {
    if (!reason) return t("undefined");
    const key = reasonKey(reason);
    return key ? t(`reason.${key}`) : reason;
  };
}
