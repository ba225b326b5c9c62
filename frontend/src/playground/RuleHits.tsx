import { List, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Explanation } from "../api/types";
import { useFormats } from "../charts/format";
import { HitText } from "../training/rules/HitText";

/** The output with the passages that rules were found by, and what each of these rules gave; nothing without any. */
export function RuleHits({ text, explanation }: { text: string; explanation: Explanation }) {
  const { t } = useTranslation("rules");
  const formats = useFormats();
  const rules = explanation.contributions
    .filter((one) => one.hits && one.hits.length > 0)
    .map((one, place) => ({ ...one, label: String(place + 1) }));
  if (rules.length === 0) return null;
  return (
    <figure style={{ margin: 0 }} data-testid="rule-hits">
      <Text component="figcaption" size="sm" fw={600}>
        {t("found.title")}
      </Text>
      <HitText
        text={text}
        hits={rules.flatMap(({ hits = [], label, feature }) =>
          hits.map((hit) => ({ ...hit, label, title: feature })),
        )}
      />
      <List size="sm" listStyleType="none" style={{ overflowWrap: "anywhere" }}>
        {rules.map(({ label, feature, contribution }) => (
          <List.Item key={label}>
            {t("found.item", {
              number: label,
              name: feature,
              contribution: formats.signed(contribution),
            })}
          </List.Item>
        ))}
      </List>
      <Text size="xs" c="var(--quiet)">
        {t("found.note")}
      </Text>
    </figure>
  );
}
