import { Alert, Button, Group } from "@mantine/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Answer, JudgmentStatus, Project } from "../api/types";
import { useOutbox } from "../outbox";
import { isAskable, missingQuestions, submitsAtOnce } from "./answers";
import type { View } from "./desk";
import { groupQuestions } from "./groups";
import { KeyHint } from "./KeyHint";
import type { Binding } from "./keymap";
import { useBindings } from "./keys";
import classes from "./label.module.css";
import { Outputs } from "./Outputs";
import { OutputMarksProvider } from "./output-marks";
import { bind, PAGE_KEYS } from "./page-keys";
import { Questions } from "./Questions";
import { ReasonButton } from "./ReasonButton";
import { Reasons, reasonBindings } from "./Reasons";
import type { ReadingDesk } from "./reading/useReadingDesk";
import { useDockHeight } from "./useDockHeight";
import { useExpired } from "./useExpired";
import type { Labelling } from "./useLabelling";

/** How many tasks are rendered ahead. */
const PREPARED = 2;

/** One task: the prompt, its outputs, the questions, and what can be done with it. */
export function Workbench({
  project,
  view,
  labelling,
  reading,
  pageBindings,
}: {
  project: Project;
  view: View;
  labelling: Labelling;
  reading: ReadingDesk;
  pageBindings: readonly Binding[];
}) {
  const { t } = useTranslation("label");
  const { item, draft, editing, reason: why } = view;
  const [active, setActive] = useState(0);
  const [asking, setAsking] = useState<"skip" | "flag" | null>(null);
  const top = useRef<HTMLDivElement>(null);
  const dock = useDockHeight();
  const { ring } = labelling.desk;
  const upcoming = useMemo(
    () => ring.filter((one) => one.item !== item.item).slice(0, PREPARED),
    [ring, item.item],
  );
  const expired = useExpired(editing ? "" : item.expires_at);
  const { failed } = useOutbox();
  const refused = failed.some((entry) => entry.uuid === editing?.uuid);
  const groups = useMemo(() => groupQuestions(project.questions), [project.questions]);
  const atOnce = submitsAtOnce(project.questions);
  const blocked = project.questions.some((one) => one.required && !isAskable(one));
  const { edit, submit, setNotice, undo, goBack, goForward, toReason, giveReason, explain } =
    labelling;
  const reason = atOnce ? (toReason?.reason ?? "") : why;
  const onReason = atOnce ? giveReason : (one: string) => explain(one === why ? "" : one);

  // A new task starts at the top, with the keyboard on the first question.
  // biome-ignore lint/correctness/useExhaustiveDependencies: runs when another task is shown
  useEffect(() => {
    setActive(0);
    setAsking(null);
    window.scrollTo({ top: 0 });
    if (document.activeElement === document.body) return;
    top.current?.focus({ preventScroll: true });
  }, [view.key]);

  const onAnswer = useCallback(
    (question: string, answer: Answer | undefined) => {
      if (atOnce && answer) submit("submitted", { [question]: answer });
      else edit(question, answer);
    },
    [atOnce, submit, edit],
  );

  const tryToSubmit = () => {
    const [missing] = missingQuestions(project.questions, draft, item.shown);
    if (missing) {
      setActive(groups.findIndex((group) => group.questions.includes(missing)));
      setNotice({ kind: "missing", title: missing.title });
    } else if (Object.keys(draft).length === 0) {
      setNotice({ kind: "missing", title: project.questions[0]?.title ?? "" });
    } else {
      submit("submitted", draft, why);
    }
  };
  const leave = (status: JudgmentStatus) => (reason: string) => {
    setAsking(null);
    submit(status, {}, reason);
  };
  const step = (by: number) =>
    setActive((now) => Math.min(Math.max(now + by, 0), groups.length - 1));

  const bindings: Binding[] = [
    ...(atOnce ? [] : [bind("submit", tryToSubmit)]),
    ...(groups.length > 1
      ? [bind("nextQuestion", () => step(1)), bind("previousQuestion", () => step(-1))]
      : []),
    bind("undo", () => void undo()),
    bind("back", () => void goBack()),
    bind("forward", goForward),
    bind("skip", () => setAsking("skip")),
    bind("flag", () => setAsking("flag")),
    ...reasonBindings(project.reasons, onReason),
    ...pageBindings,
  ];
  useBindings("page", bindings);

  const { position } = item;
  return (
    <OutputMarksProvider>
      <div ref={top} tabIndex={-1} className={classes.task}>
        {editing && (
          <Alert p="xs" mb="sm" data-testid="editing">
            {t(refused ? "editing.refused" : `editing.${editing.status}`)}
          </Alert>
        )}
        {expired && (
          <Alert p="xs" mb="sm" color="yellow">
            {t("expired")}
          </Alert>
        )}
        {position && position.pairs > 1 && (
          <p className={classes.position}>
            {t("position", { pair: position.pair, pairs: position.pairs })}
          </p>
        )}
        <Outputs current={item} next={upcoming} desk={reading} />
      </div>
      <div ref={dock} className={classes.dock} data-dock data-tall={!atOnce || undefined}>
        {blocked && (
          <Alert p="xs" color="red">
            {t("unsupported.blocked")}
          </Alert>
        )}
        <Questions
          key={view.key}
          groups={groups}
          ids={item.shown}
          completions={item.completions}
          draft={draft}
          active={active}
          onActivate={setActive}
          onAnswer={onAnswer}
        />
        {project.reasons.length > 0 && (
          <Reasons
            title={t(atOnce ? (toReason ? "why.last" : "why.later") : "why.title")}
            reasons={project.reasons}
            chosen={reason}
            disabled={atOnce && !toReason}
            onReason={onReason}
          />
        )}
        <Group gap="xs" justify="end">
          <Button
            size="compact-sm"
            variant="default"
            mr="auto"
            leftSection={<KeyHint of={PAGE_KEYS.undo} />}
            onClick={() => void undo()}
          >
            {t("task.undo")}
          </Button>
          <ReasonButton
            kind="skip"
            opened={asking === "skip"}
            onOpen={() => setAsking("skip")}
            onClose={() => setAsking(null)}
            onReason={leave("skipped")}
          />
          <ReasonButton
            kind="flag"
            opened={asking === "flag"}
            onOpen={() => setAsking("flag")}
            onClose={() => setAsking(null)}
            onReason={leave("flagged")}
          />
          {!atOnce && (
            <Button
              size="compact-sm"
              disabled={blocked}
              rightSection={<KeyHint of={PAGE_KEYS.submit} />}
              onClick={tryToSubmit}
            >
              {t("task.submit")}
            </Button>
          )}
        </Group>
      </div>
    </OutputMarksProvider>
  );
}
