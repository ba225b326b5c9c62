import { Textarea } from "@mantine/core";
import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { CommentAnswer, CommentQuestion } from "../../api/types";
import { type Binding, keySymbol, type Named } from "../../label/keymap";
import { useBindings, useKeyOf } from "../../label/keys";
import type { PanelProps } from "../kind";

const WRITE_KEY: Named = { keys: ["c"], label: "comment.write" };

export function CommentPanel({ questions, draft, active, onAnswer }: PanelProps<CommentQuestion>) {
  const { t } = useTranslation("label");
  const [question] = questions;
  const key = useKeyOf()(WRITE_KEY);
  const area = useRef<HTMLTextAreaElement>(null);
  const bindings = useMemo<Binding[]>(
    () => [{ ...WRITE_KEY, group: "answer", run: () => area.current?.focus() }],
    [],
  );
  useBindings("panel", bindings, active);

  if (!question) return null;
  const text = (draft[question.name] as CommentAnswer | undefined)?.text ?? "";
  return (
    <Textarea
      ref={area}
      value={text}
      autosize
      minRows={1}
      maxRows={6}
      aria-label={question.title}
      placeholder={key === "" ? undefined : t("comment.placeholder", { key: keySymbol(key) })}
      onChange={(event) => {
        const value = event.currentTarget.value;
        onAnswer(question.name, value === "" ? undefined : { text: value });
      }}
    />
  );
}
