import { Group, Text } from "@mantine/core";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Answer, Question } from "../api/types";
import { KIND_WORDS, kindOfAnswer, wordsOf } from "../kinds";

type NameOf = (completion: string) => string;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** An answer in one line, with the completions named by `nameOf`; as JSON where no kind knows it. */
export function answerText(answer: unknown, nameOf: NameOf, t: TFunction): string {
  if (!isRecord(answer)) return String(answer);
  const kind = kindOfAnswer(answer);
  if (!kind) return JSON.stringify(answer);
  return kind.words(answer as unknown as Answer, {
    nameOf,
    t: (key, values = {}) => t(`${wordsOf(kind.name)}:${key}`, values),
  });
}

/** The answers of one judgment, each under its question's title. */
export function AnswerList({
  answers,
  questions,
  nameOf,
}: {
  answers: Record<string, unknown>;
  questions: readonly Question[];
  nameOf: NameOf;
}) {
  const { t } = useTranslation(["data", ...KIND_WORDS]);
  return (
    <>
      {Object.entries(answers).map(([name, answer]) => (
        <Group key={name} gap="xs" align="baseline">
          <Text size="xs" c="var(--quiet)">
            {questions.find((question) => question.name === name)?.title || name}
          </Text>
          <Text size="sm" style={{ overflowWrap: "anywhere" }}>
            {answerText(answer, nameOf, t)}
          </Text>
        </Group>
      ))}
    </>
  );
}
