import { ActionIcon, NativeSelect, TextInput, UnstyledButton } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import type { RefObject } from "react";
import { useTranslation } from "react-i18next";
import { offsetsOf } from "./code-points";
import classes from "./highlight.module.css";
import type { Span } from "./spans";

const LONGEST = 80;

function excerpt(text: string, { start, end }: Span): string {
  const { toUnits } = offsetsOf(text);
  const passage = text.slice(toUnits(start), toUnits(end)).replace(/\s+/g, " ");
  return passage.length > LONGEST ? `${passage.slice(0, LONGEST)}…` : passage;
}

/** The marked passages: to choose, to relabel, to comment on, and to take away. */
export function SpanList({
  spans,
  texts,
  labels,
  letterOf,
  chosen,
  commentRef,
  onChoose,
  onChange,
  onRemove,
}: {
  spans: readonly Span[];
  texts: ReadonlyMap<string, string>;
  labels: readonly string[];
  letterOf: (completion: string) => string;
  chosen: number | null;
  commentRef: RefObject<HTMLInputElement | null>;
  onChoose: (place: number) => void;
  onChange: (place: number, span: Span) => void;
  onRemove: (place: number) => void;
}) {
  const { t } = useTranslation("kind-highlight");
  if (spans.length === 0) return null;
  return (
    <ol className={classes.spans} aria-label={t("spans")}>
      {spans.map((span, place) => {
        const letter = letterOf(span.completion);
        const text = excerpt(texts.get(span.completion) ?? "", span);
        return (
          <li
            key={`${span.completion} ${span.start} ${span.end} ${span.label}`}
            className={classes.span}
            data-chosen={place === chosen || undefined}
          >
            <UnstyledButton
              className={classes.passage}
              aria-pressed={place === chosen}
              onClick={() => onChoose(place)}
            >
              <b>{letter}</b> “{text}”
            </UnstyledButton>
            <NativeSelect
              size="xs"
              data={labels.includes(span.label) ? [...labels] : [span.label, ...labels]}
              value={span.label}
              aria-label={t("labelOf", { text })}
              onChange={(event) => onChange(place, { ...span, label: event.currentTarget.value })}
            />
            <TextInput
              ref={place === chosen ? commentRef : undefined}
              size="xs"
              className={classes.comment}
              value={span.comment}
              placeholder={t("comment")}
              aria-label={t("commentOn", { text })}
              maxLength={10_000}
              onFocus={() => onChoose(place)}
              onChange={(event) => onChange(place, { ...span, comment: event.currentTarget.value })}
            />
            <ActionIcon
              size="sm"
              variant="subtle"
              color="gray"
              aria-label={t("remove", { text })}
              onClick={() => onRemove(place)}
            >
              <IconTrash size={14} aria-hidden />
            </ActionIcon>
          </li>
        );
      })}
    </ol>
  );
}
