import { Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Section } from "../../shared/Section";
import { PairList } from "./PairList";
import { RevealingList } from "./RevealingList";

/** What was found in the imported texts: near-duplicates, and outputs that say which model wrote them. */
export function SimilarTab() {
  const { t } = useTranslation("similar");
  return (
    <Stack gap="md">
      <Section title={t("prompts.title")} hint={t("prompts.hint")}>
        <PairList kind="prompts" />
      </Section>
      <Section title={t("outputs.title")} hint={t("outputs.hint")}>
        <PairList kind="outputs" />
      </Section>
      <Section title={t("revealing.title")} hint={t("revealing.hint")}>
        <RevealingList />
      </Section>
    </Stack>
  );
}
