import { Group, Text } from "@mantine/core";
import type { TFunction } from "i18next";
import { useTranslation } from "react-i18next";
import type { Question } from "../api/types";

type NameOf = (completion: string) => string;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const words = (value: unknown) => (Array.isArray(value) ? value.join(", ") : String(value));

/** An answer in one line, with the completions named by `nameOf`. */
export function answerText(answer: unknown, nameOf: NameOf, t: TFunction): string {
  if (!isRecord(answer)) return String(answer);
  const { choice, strength, tiers, scores, best, worst, values, spans, completion, text } = answer;
  if (choice === "tie") return t("columns.tie");
  if (choice === "both_bad") return t("columns.bothBad");
  if (typeof choice === "string" || typeof choice === "number") {
    const name = nameOf(String(choice));
    return typeof strength === "number" && strength > 1
      ? t("answer.strength", { name, strength })
      : t("answer.better", { name });
  }
  if (Array.isArray(tiers)) {
    return tiers
      .map((tier) => (Array.isArray(tier) ? tier.map((id) => nameOf(String(id))).join(" = ") : ""))
      .join(" > ");
  }
  const each = isRecord(scores) ? scores : isRecord(values) ? values : null;
  if (each) {
    return Object.entries(each)
      .map(([id, value]) => `${nameOf(id)}: ${words(value)}`)
      .join(" · ");
  }
  if (values !== undefined) return words(values);
  if (best !== undefined) {
    return t("answer.bestWorst", { best: nameOf(String(best)), worst: nameOf(String(worst)) });
  }
  if (Array.isArray(spans)) return t("answer.spans", { count: spans.length });
  if (typeof text === "string") {
    return completion === undefined ? text : `${nameOf(String(completion))}: ${text}`;
  }
  return JSON.stringify(answer);
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
  const { t } = useTranslation("data");
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
