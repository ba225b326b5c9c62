import { List, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "../charts/format";
import { rulesFrom } from "./rules/draft";
import { useRuleWords } from "./rules/words";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const lines = (value: unknown) => (Array.isArray(value) ? value.join("\n") : value);

/** A rule of the API as the editor holds it: lists on lines, shares in percent, no limit as an empty field. */
export const asDraft = (rule: unknown) =>
  isRecord(rule)
    ? rulesFrom([
        {
          ...rule,
          min: rule.min ?? "",
          max: rule.max ?? "",
          terms: lines(rule.terms),
          keys: lines(rule.keys),
          most: typeof rule.most === "number" ? rule.most * 100 : rule.most,
        },
      ])[0]
    : undefined;

/** Each rule in a sentence with what it adds to the reward. */
export function RuleSentences({ rules, fitted }: { rules: readonly unknown[]; fitted: boolean }) {
  const { t } = useTranslation(["model-page", "rules"]);
  const formats = useFormats();
  const ruleWords = useRuleWords();
  return (
    <List size="sm" spacing={4} maw="80ch">
      {rules.flatMap((raw, place) => {
        const rule = asDraft(raw);
        if (!rule) return [];
        const words = ruleWords(rule);
        const weight = Number(rule.weight);
        const sentence = fitted
          ? t("rules.fitted", { rule: words })
          : t(weight < 0 ? "rules.lowers" : "rules.raises", {
              rule: words,
              weight: formats.number(Math.abs(weight), 2),
            });
        return [
          // biome-ignore lint/suspicious/noArrayIndexKey: rules have no other name, and stay in their order
          <List.Item key={place} style={{ overflowWrap: "anywhere" }}>
            {sentence}
            {rule.name && rule.name !== words && (
              <Text span size="sm" c="var(--quiet)">
                {" "}
                {t("rules.named", { name: rule.name })}
              </Text>
            )}
          </List.Item>,
        ];
      })}
    </List>
  );
}

/** What a sum adds up: each part with its weight, the rules of a part in words. */
export function PartSentences({ parts, fitted }: { parts: readonly unknown[]; fitted: boolean }) {
  const { t } = useTranslation(["model-page", "training"]);
  const formats = useFormats();
  return (
    <List size="sm" spacing={8} maw="80ch">
      {parts.flatMap((part, place) => {
        if (!isRecord(part) || !isRecord(part.model)) return [];
        const { kind, rules, weights } = part.model;
        const name = t(`training:kind.${String(kind)}`, { defaultValue: String(kind) });
        return [
          // biome-ignore lint/suspicious/noArrayIndexKey: parts have no name, and stay in their order
          <List.Item key={place}>
            {fitted
              ? t("parts.fitted", { name })
              : t("parts.given", { name, weight: formats.number(Number(part.weight), 2) })}
            {Array.isArray(rules) && (
              <RuleSentences rules={rules} fitted={fitted || weights === "fitted"} />
            )}
          </List.Item>,
        ];
      })}
    </List>
  );
}
