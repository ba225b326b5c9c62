import { Alert, Skeleton, Text } from "@mantine/core";
import { Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Answer, QueueItem } from "../api/types";
import { kindOf } from "../kinds";
import { type Draft, isComplete } from "./answers";
import type { QuestionGroup } from "./groups";
import classes from "./label.module.css";

/** The project's questions under the outputs; one of them has the keyboard. */
export function Questions({
  groups,
  ids,
  completions,
  draft,
  active,
  onActivate,
  onAnswer,
}: {
  groups: readonly QuestionGroup[];
  ids: readonly string[];
  completions: QueueItem["completions"];
  draft: Draft;
  active: number;
  onActivate: (group: number) => void;
  onAnswer: (question: string, answer: Answer | undefined) => void;
}) {
  const { t } = useTranslation("label");
  return groups.map(({ kind, questions }, place) => {
    const [first] = questions;
    if (!first) return null;
    const Panel = kindOf(first)?.Panel;
    const answered = questions.every((one) => isComplete(one, draft[one.name], ids));
    const title = questions.length > 1 ? t("rating.several") : first.title;
    return (
      <section
        key={first.name}
        className={classes.question}
        data-active={groups.length > 1 ? active === place : undefined}
        data-several={questions.length > 1 || undefined}
        onFocusCapture={() => onActivate(place)}
        onPointerDownCapture={() => onActivate(place)}
      >
        <div className={classes.questionTitle}>
          <Text component="h2" size="sm" fw={600}>
            {title}
          </Text>
          {groups.length > 1 && (
            <Text size="xs" c="var(--quiet)">
              {answered ? t("answered") : first.required ? t("required") : t("optional")}
            </Text>
          )}
          {questions.length === 1 && first.description && (
            <Text size="xs" c="var(--quiet)">
              {first.description}
            </Text>
          )}
        </div>
        {Panel ? (
          <Suspense fallback={<Skeleton height={48} />}>
            <Panel
              questions={questions}
              ids={ids}
              completions={completions}
              draft={draft}
              active={active === place}
              onActivate={() => onActivate(place)}
              onAnswer={onAnswer}
            />
          </Suspense>
        ) : (
          <Alert p="xs" color={first.required ? "red" : "gray"}>
            {t(first.required ? "unsupported.required" : "unsupported.optional", { kind })}
          </Alert>
        )}
      </section>
    );
  });
}
