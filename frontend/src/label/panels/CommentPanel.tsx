import { Textarea } from "@mantine/core";
import { useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { CommentAnswer, CommentQuestion } from "../../api/types";
import type { Binding } from "../keymap";
import { useBindings } from "../keys";
import type { PanelProps } from "./types";

export function CommentPanel({ questions, draft, active, onAnswer }: PanelProps<CommentQuestion>) {
  const { t } = useTranslation("label");
  const [question] = questions;
  const area = useRef<HTMLTextAreaElement>(null);
  const bindings = useMemo<Binding[]>(
    () => [
      {
        keys: ["c"],
        group: "answer",
        label: "comment.write",
        run: () => area.current?.focus(),
      },
    ],
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
      placeholder={t("comment.placeholder")}
      onChange={(event) => {
        const value = event.currentTarget.value;
        onAnswer(question.name, value === "" ? undefined : { text: value });
      }}
    />
  );
}
