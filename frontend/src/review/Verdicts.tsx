import { Group, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconGavel } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { ReviewItem } from "../api/types";
import { answerText } from "../data/AnswerText";
import { KIND_WORDS } from "../kinds";
import { decisionsOf, standing, verdictsOf } from "./verdicts";

/** For each question: the different answers side by side, with who gave each and what was decided. */
export function Verdicts({
  item,
  nameOf,
}: {
  item: ReviewItem;
  nameOf: (completion: string) => string;
}) {
  const { t } = useTranslation(["review", "data", ...KIND_WORDS]);
  const { questions } = useProject();
  const { current } = decisionsOf(item.judgments);
  if (standing(item.judgments).length === 0) {
    return (
      <Text size="sm" c="var(--quiet)">
        {t("item.noAnswers")}
      </Text>
    );
  }
  return (
    <Stack gap="sm">
      {questions.map((question) => {
        const verdicts = verdictsOf(item.judgments, question.name);
        const decided = current?.answers[question.name];
        if (verdicts.length === 0 && !decided) return null;
        return (
          <Stack key={question.name} gap={4}>
            <Title order={3} size="h6">
              {question.title || question.name}
            </Title>
            <SimpleGrid cols={{ base: 1, xs: 2, md: 4 }} spacing="xs" component="ul" m={0} p={0}>
              {decided && (
                <Paper withBorder p="xs" component="li" style={{ listStyle: "none" }}>
                  <Group gap={4} wrap="nowrap">
                    <IconGavel size={14} aria-hidden />
                    <Text size="xs" c="var(--quiet)">
                      {t("decision.set")}
                    </Text>
                  </Group>
                  <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                    {answerText(decided, nameOf, t)}
                  </Text>
                  <Text size="xs">{current?.author ?? current?.annotator}</Text>
                </Paper>
              )}
              {verdicts.map(({ key, answer, by }) => (
                <Paper key={key} withBorder p="xs" component="li" style={{ listStyle: "none" }}>
                  <Text size="xs" c="var(--quiet)">
                    {t("item.people", { count: by.length })}
                  </Text>
                  <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
                    {answerText(answer, nameOf, t)}
                  </Text>
                  <Text size="xs" style={{ overflowWrap: "anywhere" }}>
                    {by.map((one) => one.annotator).join(", ")}
                  </Text>
                </Paper>
              ))}
            </SimpleGrid>
          </Stack>
        );
      })}
    </Stack>
  );
}
