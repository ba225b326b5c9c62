import { Alert, Button, Group, Kbd } from "@mantine/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Answer, JudgmentStatus, Project } from "../api/types";
import { useOutbox } from "../outbox";
import { isAskable, missingQuestions, submitsAtOnce } from "./answers";
import type { View } from "./desk";
import { groupQuestions } from "./groups";
import type { Binding } from "./keymap";
import { useBindings } from "./keys";
import classes from "./label.module.css";
import { Outputs } from "./Outputs";
import { Questions } from "./Questions";
import { ReasonButton } from "./ReasonButton";
import { useExpired } from "./useExpired";
import type { Labelling } from "./useLabelling";

/** One task: the prompt, its outputs, the questions, and what can be done with it. */
export function Workbench({
  project,
  view,
  labelling,
  plain,
  pageBindings,
}: {
  project: Project;
  view: View;
  labelling: Labelling;
  plain: boolean;
  pageBindings: readonly Binding[];
}) {
  const { t } = useTranslation("label");
  const { item, draft, editing } = view;
  const [active, setActive] = useState(0);
  const [asking, setAsking] = useState<"skip" | "flag" | null>(null);
  const top = useRef<HTMLDivElement>(null);
  const expired = useExpired(editing ? "" : item.expires_at);
  const { failed } = useOutbox();
  const refused = failed.some((entry) => entry.uuid === editing?.uuid);
  const groups = useMemo(() => groupQuestions(project.questions), [project.questions]);
  const atOnce = submitsAtOnce(project.questions);
  const blocked = project.questions.some((one) => one.required && !isAskable(one));
  const { edit, submit, setNotice, undo, goBack, goForward } = labelling;

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
      submit("submitted", draft);
    }
  };
  const leave = (status: JudgmentStatus) => (reason: string) => {
    setAsking(null);
    submit(status, {}, reason);
  };
  const step = (by: number) =>
    setActive((now) => Math.min(Math.max(now + by, 0), groups.length - 1));

  const bindings: Binding[] = [
    ...(atOnce
      ? []
      : [
          {
            keys: ["Enter", "Ctrl+Enter"],
            group: "answer",
            label: "task.submit",
            run: tryToSubmit,
          } as const,
        ]),
    ...(groups.length > 1
      ? ([
          { keys: ["]"], group: "answer", label: "task.next", run: () => step(1) },
          { keys: ["["], group: "answer", label: "task.previous", run: () => step(-1) },
        ] as const)
      : []),
    { keys: ["z"], group: "task", label: "task.undo", run: () => void undo() },
    {
      keys: ["Backspace", "ArrowLeft"],
      group: "task",
      label: "task.back",
      run: () => void goBack(),
    },
    { keys: ["ArrowRight"], group: "task", label: "task.forward", run: goForward },
    { keys: ["s"], group: "task", label: "task.skip", run: () => setAsking("skip") },
    { keys: ["f", "!"], group: "task", label: "task.flag", run: () => setAsking("flag") },
    ...pageBindings,
  ];
  useBindings("page", bindings);

  const { position } = item;
  return (
    <>
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
        <Outputs item={item} plain={plain} />
      </div>
      <div className={classes.dock} data-tall={!atOnce || undefined}>
        {blocked && (
          <Alert p="xs" color="red">
            {t("unsupported.blocked")}
          </Alert>
        )}
        <Questions
          key={view.key}
          groups={groups}
          ids={item.shown}
          draft={draft}
          active={active}
          onActivate={setActive}
          onAnswer={onAnswer}
        />
        <Group gap="xs" justify="end">
          <Button
            size="compact-sm"
            variant="default"
            mr="auto"
            leftSection={
              <Kbd size="xs" aria-hidden>
                Z
              </Kbd>
            }
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
              rightSection={
                <Kbd size="xs" aria-hidden>
                  ↵
                </Kbd>
              }
              onClick={tryToSubmit}
            >
              {t("task.submit")}
            </Button>
          )}
        </Group>
      </div>
    </>
  );
}
