import { useTranslation } from "react-i18next";

/** How far the preferred output's reward lies above the other's, in words; margins may be small. */
export function useMarginText(): (margin: number | null) => string {
  const { t, i18n } = useTranslation("must-pass");
  return (margin) => {
    if (margin === null) return t("margin.none");
    const written = new Intl.NumberFormat(i18n.resolvedLanguage, {
      maximumSignificantDigits: 3,
      signDisplay: "exceptZero",
    }).format(margin);
    return t(margin > 0 ? "margin.right" : margin < 0 ? "margin.wrong" : "margin.same", {
      margin: written,
    });
  };
}
