import { Button, Collapse, Group, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useUser } from "../api/session";
import type { Answer, Project, ReviewItem } from "../api/types";
import { answersToSend, type Draft, missingQuestions } from "../label/answers";
import { groupQuestions } from "../label/groups";
import { KeyHint } from "../label/KeyHint";
import type { Binding } from "../label/keymap";
import { useBindings } from "../label/keys";
import { bind } from "../label/page-keys";
import { Questions } from "../label/Questions";
import { uuid4 } from "../outbox/uuid";
import { FormError } from "../shared/FormError";
import { RelativeTime } from "../shared/RelativeTime";
import { MakeGoldButton } from "../trust/MakeGoldButton";
import classes from "./review.module.css";
import { REVIEW_KEYS } from "./review-keys";
import { useDecide } from "./use-review";
import { decisionsOf } from "./verdicts";

const LONGEST = 10_000;

/** The same content keeps its id, so that what is sent twice is stored once. */
function useDecisionId() {
  const minted = useRef({ content: "", uuid: "" });
  return (content: string) => {
    if (minted.current.content !== content) minted.current = { content, uuid: uuid4() };
    return minted.current.uuid;
  };
}

/** The project's questions, answered by the reviewer for good (until somebody decides again). */
export function Adjudicate({
  project,
  item,
  pageBindings,
}: {
  project: Project;
  item: ReviewItem;
  pageBindings: readonly Binding[];
}) {
  const { t } = useTranslation(["review", "label"]);
  const user = useUser();
  const { current, earlier } = decisionsOf(item.judgments);
  const [draft, setDraft] = useState<Draft>(
    current?.author === user.username ? current.answers : {},
  );
  const [reason, setReason] = useState("");
  const [active, setActive] = useState(0);
  const [missing, setMissing] = useState("");
  const [saved, setSaved] = useState(false);
  const [folded, { toggle }] = useDisclosure(true);
  const idOf = useDecisionId();
  const decide = useDecide(project.id, item.item);
  const groups = useMemo(() => groupQuestions(project.questions), [project.questions]);

  const onAnswer = useCallback((question: string, answer: Answer | undefined) => {
    setSaved(false);
    setMissing("");
    setDraft((before) => {
      const { [question]: _dropped, ...rest } = before;
      return answer === undefined ? rest : { ...rest, [question]: answer };
    });
  }, []);

  const save = () => {
    const [open] = missingQuestions(project.questions, draft, item.shown);
    const answers = answersToSend(project.questions, draft);
    const lacking = open ?? (Object.keys(answers).length === 0 ? project.questions[0] : undefined);
    if (lacking) {
      setActive(groups.findIndex((group) => group.questions.includes(lacking)));
      setMissing(lacking.title || lacking.name);
      return;
    }
    if (decide.isPending) return;
    const content = { answers, shown: item.shown, reason: reason.trim() };
    decide.mutate(
      { uuid: idOf(JSON.stringify(content)), ...content },
      {
        onSuccess: () => {
          setSaved(true);
          setReason("");
        },
      },
    );
  };
  const step = (by: number) =>
    setActive((now) => Math.min(Math.max(now + by, 0), groups.length - 1));

  const bindings: Binding[] = [
    { ...REVIEW_KEYS.save, run: save },
    ...(groups.length > 1
      ? [bind("nextQuestion", () => step(1)), bind("previousQuestion", () => step(-1))]
      : []),
    ...pageBindings,
  ];
  useBindings("page", bindings);

  let notice = "";
  if (missing) notice = t("decision.missing", { title: missing });
  else if (saved) notice = t("decision.saved");
  return (
    <section className={classes.dock} aria-label={t("decision.title")} data-testid="decision">
      <Group gap="xs" justify="space-between">
        <Text component="h2" size="sm" fw={600}>
          {t(current ? "decision.titleAgain" : "decision.title")}
        </Text>
        {current && (
          <Group gap="xs">
            <Text size="xs" c="var(--quiet)">
              {current.author ?? current.annotator} · <RelativeTime at={current.submitted_at} />
            </Text>
            {!item.is_gold && (
              <MakeGoldButton
                source={{ judgment: current.uuid }}
                answers={current.answers}
                size="compact-xs"
              />
            )}
          </Group>
        )}
        <Text component="output" size="sm" aria-live="polite" fw={600} data-missing={!!missing}>
          {notice}
        </Text>
      </Group>
      <Questions
        groups={groups}
        ids={item.shown}
        completions={item.completions.map(({ id, text }) => ({ id, text }))}
        draft={draft}
        active={active}
        onActivate={setActive}
        onAnswer={onAnswer}
      />
      <FormError error={decide.error} />
      <Group gap="xs" align="end">
        <Textarea
          size="xs"
          flex="1 1 240px"
          aria-label={t("decision.reason")}
          placeholder={t("decision.reason")}
          autosize
          minRows={1}
          maxRows={6}
          maxLength={LONGEST}
          value={reason}
          onChange={(event) => {
            setSaved(false);
            setReason(event.currentTarget.value);
          }}
        />
        <Button
          size="compact-sm"
          onClick={save}
          loading={decide.isPending}
          rightSection={<KeyHint of={REVIEW_KEYS.save} />}
        >
          {t("decision.save")}
        </Button>
      </Group>
      <Stack gap={4}>
        <Text size="xs" c="var(--quiet)">
          {t(current ? "decision.supersedes" : "decision.hint")}
        </Text>
        {earlier.length > 0 && (
          <>
            <Button
              size="compact-xs"
              variant="subtle"
              onClick={toggle}
              aria-expanded={!folded}
              style={{ alignSelf: "start" }}
            >
              {t("decision.history", { count: earlier.length })}
            </Button>
            <Collapse expanded={!folded}>
              {earlier.map((one) => (
                <Text key={one.uuid} size="xs">
                  {one.author ?? one.annotator} · <RelativeTime at={one.submitted_at} />
                  {one.reason && ` · ${one.reason}`}
                </Text>
              ))}
            </Collapse>
          </>
        )}
      </Stack>
    </section>
  );
}
