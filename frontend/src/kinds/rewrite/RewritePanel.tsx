import { Button, Group, Text, Textarea, UnstyledButton } from "@mantine/core";
import { useCallback, useDeferredValue, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { RewriteAnswer, RewriteQuestion } from "../../api/types";
import { letterOf } from "../../label/answers";
import type { Binding } from "../../label/keymap";
import { useBindings } from "../../label/keys";
import type { PanelProps } from "../kind";
import classes from "./rewrite.module.css";
import { type Part, wordCount, wordDiff } from "./word-diff";

const TAGS = { same: "span", added: "ins", removed: "del" } as const;

function DiffView({ parts }: { parts: readonly Part[] }) {
  const { t } = useTranslation("kind-rewrite");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a text to look at, not a form
    <div className={classes.diff} role="group" aria-label={t("diff")}>
      {parts.map(({ kind, text }, place) => {
        const Tag = TAGS[kind];
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no ids and hold no state
        return <Tag key={place}>{text}</Tag>;
      })}
    </div>
  );
}

/** What changed, once typing pauses; the words alone where the texts are too different. */
function Changes({ before, after }: { before: string; after: string }) {
  const { t } = useTranslation("kind-rewrite");
  const settled = useDeferredValue(after);
  const diff = useMemo(() => wordDiff(before, settled), [before, settled]);
  if (!diff) {
    return (
      <Text size="xs" c="var(--quiet)">
        {t("tooDifferent", { before: wordCount(before), after: wordCount(settled) })}
      </Text>
    );
  }
  const isChanged = diff.added + diff.removed > 0 || before !== settled;
  return (
    <>
      <Text size="xs" c="var(--quiet)" data-testid="rewrite-count">
        {isChanged
          ? `${t("added", { count: diff.added })} · ${t("removed", { count: diff.removed })}`
          : t("unchanged")}
      </Text>
      {isChanged && <DiffView parts={diff.parts} />}
    </>
  );
}

/** A better version of one of the outputs, with what was changed in it. */
export function RewritePanel({
  questions,
  ids,
  completions,
  draft,
  active,
  onAnswer,
}: PanelProps<RewriteQuestion>) {
  const { t } = useTranslation("kind-rewrite");
  const [question] = questions;
  const name = question?.name ?? "";
  const answer = draft[name] as RewriteAnswer | undefined;
  const area = useRef<HTMLTextAreaElement>(null);
  const [chosen, setChosen] = useState<string | null>(
    answer?.completion ?? (ids.length === 1 ? (ids[0] ?? null) : null),
  );
  /** What was written for each output, so that looking at another one loses nothing. */
  const [texts, setTexts] = useState<Readonly<Record<string, string>>>(
    answer ? { [answer.completion]: answer.text } : {},
  );
  const original = completions.find((one) => one.id === chosen)?.text ?? "";
  const text = chosen === null ? "" : (texts[chosen] ?? original);

  const choose = useCallback(
    (id: string) => {
      setChosen(id);
      const written = texts[id];
      const before = completions.find((one) => one.id === id)?.text;
      const isChanged = written !== undefined && written !== before;
      onAnswer(name, isChanged ? { completion: id, text: written } : undefined);
    },
    [completions, texts, name, onAnswer],
  );

  const bindings = useMemo<Binding[]>(() => {
    const letters = ids.map(
      (id, place): Binding => ({
        keys: [letterOf(place).toLowerCase()],
        group: "answer",
        label: "kind-rewrite:key.choose",
        action: `rewrite.${letterOf(place)}`,
        values: { letter: letterOf(place) },
        run: () => {
          choose(id);
          requestAnimationFrame(() => area.current?.focus());
        },
      }),
    );
    const edit: Binding = {
      keys: ["e"],
      group: "answer",
      label: "kind-rewrite:key.edit",
      action: "rewrite.edit",
      run: () => area.current?.focus(),
    };
    return chosen === null ? letters : [...letters, ...(ids.length > 4 ? [] : [edit])];
  }, [ids, chosen, choose]);
  useBindings("panel", bindings, active);

  if (!question) return null;
  const write = (next: string) => {
    if (chosen === null) return;
    setTexts({ ...texts, [chosen]: next });
    onAnswer(name, next === original ? undefined : { completion: chosen, text: next });
  };
  return (
    <div className={classes.panel} data-answer>
      <Group gap={4}>
        <Text size="sm">{t("choose")}</Text>
        {ids.map((id, place) => (
          <UnstyledButton
            key={id}
            className={classes.choice}
            aria-pressed={id === chosen}
            aria-label={t("output", { letter: letterOf(place) })}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => choose(id)}
          >
            {letterOf(place)}
          </UnstyledButton>
        ))}
        {chosen !== null && text !== original && (
          <Button size="compact-xs" variant="default" ml="auto" onClick={() => write(original)}>
            {t("reset")}
          </Button>
        )}
      </Group>
      {chosen !== null && (
        <>
          <Textarea
            ref={area}
            value={text}
            autosize
            minRows={4}
            maxRows={16}
            spellCheck
            aria-label={t("text", { letter: letterOf(ids.indexOf(chosen)) })}
            description={t("keys")}
            inputWrapperOrder={["input", "description"]}
            onChange={(event) => write(event.currentTarget.value)}
          />
          <Changes before={original} after={text} />
        </>
      )}
    </div>
  );
}
