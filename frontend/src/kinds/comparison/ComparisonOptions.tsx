import { Group, Kbd, SegmentedControl, Stack, Switch, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ComparisonQuestion } from "../../api/types";
import { keySymbol } from "../../label/keymap";
import type { OptionsProps } from "../kind";
import { comparisonSteps, strengthWord } from "./comparison";

/** The keys as the labelling page will have them, from the same table. */
function KeyPreview({ question }: { question: ComparisonQuestion }) {
  const { t } = useTranslation(["settings", "label"]);
  return (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        {t("comparison.preview")}
      </Text>
      <Group gap="xs">
        {comparisonSteps(question, ["a", "b"]).map((step) => {
          const word =
            step.kind === "tie" || step.kind === "both_bad"
              ? step.kind
              : strengthWord(step.strength, question.strengths);
          return (
            <Group key={step.keys[0]} gap={4} wrap="nowrap">
              <Kbd size="xs">{keySymbol(step.keys[0] ?? "")}</Kbd>
              <Text size="xs">
                {t(`label:comparison.${word}`, { letter: step.kind === "first" ? "A" : "B" })}
              </Text>
            </Group>
          );
        })}
      </Group>
    </Stack>
  );
}

export function ComparisonOptions({ question, onChange }: OptionsProps<ComparisonQuestion>) {
  const { t } = useTranslation("settings");
  return (
    <Stack gap="sm">
      <Stack gap={4} align="start">
        <Text size="sm" fw={500}>
          {t("comparison.strengths")}
        </Text>
        <SegmentedControl
          aria-label={t("comparison.strengths")}
          data={["1", "2", "3"]}
          value={String(question.strengths)}
          onChange={(value) => onChange({ ...question, strengths: Number(value) })}
        />
      </Stack>
      <Group gap="lg">
        <Switch
          label={t("comparison.ties")}
          checked={question.ties}
          onChange={(event) => onChange({ ...question, ties: event.currentTarget.checked })}
        />
        <Switch
          label={t("comparison.bothBad")}
          checked={question.both_bad}
          onChange={(event) => onChange({ ...question, both_bad: event.currentTarget.checked })}
        />
      </Group>
      <KeyPreview question={question} />
    </Stack>
  );
}
