import { useTranslation } from "react-i18next";
import { useFormats } from "../../charts/format";
import { linesOf, type RuleDraft } from "./draft";

/** What a rule checks, in words: “50 to 200 words”. */
export function useRuleWords(): (rule: RuleDraft) => string {
  const { t } = useTranslation("rules");
  const formats = useFormats();
  const list = (text: string) => linesOf(text).join(t("comma"));
  return (rule) => {
    switch (rule.check) {
      case "length": {
        const which = rule.min === "" ? "most" : rule.max === "" ? "least" : "both";
        return t(`words.length.${rule.unit}.${which}`, {
          min: formats.count(Number(rule.min)),
          max: formats.count(Number(rule.max)),
        });
      }
      case "pattern":
        return t(`words.pattern.${rule.expect}`, { pattern: rule.pattern });
      case "terms":
        return t(`words.terms.${rule.expect}`, { terms: list(rule.terms) });
      case "json":
        return linesOf(rule.keys).length > 0
          ? t("words.json.keys", { keys: list(rule.keys) })
          : t("words.json.any");
      case "repetition":
        return t("words.repetition", { share: formats.percent(Number(rule.most) / 100) });
      case "refusal":
        return t(`words.refusal.${rule.expect}`);
    }
  };
}
