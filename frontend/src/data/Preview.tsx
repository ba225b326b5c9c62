import { Badge, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { NativeLine, Question } from "../api/types";
import { Conversation } from "../shared/Conversation";
import { Markdown } from "../shared/Markdown";
import { AnswerList } from "./AnswerText";

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;

function PreviewLine({ line, questions }: { line: NativeLine; questions: readonly Question[] }) {
  const { t } = useTranslation("data");
  const judgments = line.judgments ?? [];
  const nameOf = (id: string) => {
    const place = line.completions.findIndex((completion) => completion.id === id);
    return place < 0 ? id : t("preview.output", { number: place + 1 });
  };
  return (
    <Paper component="li" withBorder p="sm">
      <Stack gap="sm">
        <Group gap="xs">
          {line.id && (
            <Badge variant="light" color="gray" tt="none">
              {line.id}
            </Badge>
          )}
          {line.group && (
            <Text size="xs" c="var(--quiet)">
              {t("preview.group", { group: line.group })}
            </Text>
          )}
        </Group>
        {line.messages?.length > 0 && <Conversation messages={line.messages} />}
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
          {line.completions.map((completion, place) => (
            <Paper key={completion.id ?? place} p="sm" bg="var(--sunken)">
              <Text size="xs" fw={600} mb={4}>
                {t("preview.output", { number: place + 1 })}
                {completion.source && (
                  <Text span size="xs" c="var(--quiet)" fw={400}>
                    {" "}
                    {completion.source}
                  </Text>
                )}
              </Text>
              <Markdown>{completion.text}</Markdown>
            </Paper>
          ))}
        </SimpleGrid>
        {judgments.map((judgment, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: judgments of a file need no ids
          <Group key={place} gap="xs" align="baseline">
            <Text size="sm" fw={500}>
              {String(judgment.annotator)}
            </Text>
            {isRecord(judgment.answers) && (
              <AnswerList answers={judgment.answers} questions={questions} nameOf={nameOf} />
            )}
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}

/** The first prompts of a file as they would come in. */
export function Preview({
  lines,
  questions,
}: {
  lines: NativeLine[];
  questions: readonly Question[];
}) {
  return (
    <Stack component="ol" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
      {lines.map((line, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines of one look never move
        <PreviewLine key={place} line={line} questions={questions} />
      ))}
    </Stack>
  );
}
