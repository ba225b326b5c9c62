import { Group, NumberInput, Stack, Text, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { RatingQuestion } from "../../api/types";
import type { OptionsProps } from "../kind";

/** Up to this many scores each get a field for their text; of a longer scale only the ends do. */
const NAMED_SCORES = 11;

function scoresToName({ min, max }: RatingQuestion): number[] {
  if (!(min < max)) return [];
  if (max - min >= NAMED_SCORES) return [min, max];
  return Array.from({ length: max - min + 1 }, (_, step) => min + step);
}

/** Only texts of scores that the scale has: the API refuses others. */
function withScale(question: RatingQuestion): RatingQuestion {
  const labels = Object.entries(question.labels ?? {}).filter(
    ([score]) => Number(score) >= question.min && Number(score) <= question.max,
  );
  return { ...question, labels: Object.fromEntries(labels) };
}

export function RatingOptions({ question, onChange, at }: OptionsProps<RatingQuestion>) {
  const { t } = useTranslation("settings");
  const name = (score: number, text: string) =>
    onChange({ ...question, labels: { ...question.labels, [score]: text } });
  return (
    <Stack gap="sm">
      <Group align="start">
        <NumberInput
          label={t("rating.min")}
          value={question.min}
          onChange={(value) => onChange(withScale({ ...question, min: Number(value) }))}
          allowDecimal={false}
          error={at("min")}
          w={120}
        />
        <NumberInput
          label={t("rating.max")}
          value={question.max}
          onChange={(value) => onChange(withScale({ ...question, max: Number(value) }))}
          allowDecimal={false}
          error={at("max")}
          w={120}
        />
      </Group>
      <Stack gap={4}>
        <Text size="sm" fw={500}>
          {t("rating.labels")}
        </Text>
        <Text size="xs" c="var(--quiet)">
          {t("rating.labelsHint")}
        </Text>
        <Group gap="xs">
          {scoresToName(question).map((score) => (
            <TextInput
              key={score}
              size="xs"
              aria-label={t("rating.labelOf", { score })}
              leftSection={score}
              value={question.labels?.[score] ?? ""}
              onChange={(event) => name(score, event.currentTarget.value)}
              error={at(`labels.${score}`)}
              w={160}
            />
          ))}
        </Group>
      </Stack>
    </Stack>
  );
}
