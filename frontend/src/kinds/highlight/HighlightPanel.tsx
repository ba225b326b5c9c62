import { UnstyledButton, VisuallyHidden } from "@mantine/core";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { HighlightAnswer, HighlightQuestion } from "../../api/types";
import { letterOf } from "../../label/answers";
import { KeyHint } from "../../label/KeyHint";
import { useBindings } from "../../label/keys";
import { type MarksByCompletion, usePublishMarks } from "../../label/output-marks";
import type { Mark } from "../../shared/marks";
import type { PanelProps } from "../kind";
import { offsetsOf } from "./code-points";
import classes from "./highlight.module.css";
import { CARET_KEY, highlightBindings, KEYED, keyOfLabel, NOTHING_KEY } from "./keys";
import { LabelBar } from "./LabelBar";
import { SpanList } from "./SpanList";
import { type Passage, type Span, spanOf, trimmed, withSpan } from "./spans";
import { useCaret } from "./useCaret";
import { clearSelection, readSelection, useSelection } from "./useSelection";

/** There are this many ways to draw a mark; further labels use them again, with their own words. */
const STYLES = 8;

/** The one panel that takes a selection: the active one, else the first on the page. */
function isFirstToTake(panel: HTMLElement | null): boolean {
  const panels = [...document.querySelectorAll("[data-highlight-panel]")];
  const active = panels.find((one) => one.getAttribute("data-highlight-panel") === "active");
  return (active ?? panels[0]) === panel;
}

/** Passages of the outputs, marked by mouse, touch or keys. */
export function HighlightPanel({
  questions,
  ids,
  completions,
  draft,
  active,
  onActivate,
  onAnswer,
}: PanelProps<HighlightQuestion>) {
  const { t } = useTranslation("kind-highlight");
  const [question] = questions;
  const name = question?.name ?? "";
  const labels = question?.labels ?? [];
  const answer = draft[name] as HighlightAnswer | undefined;
  const spans = useMemo(() => answer?.spans ?? [], [answer]);
  const panel = useRef<HTMLDivElement>(null);
  const comment = useRef<HTMLInputElement>(null);
  const earlier = useRef<(Span[] | undefined)[]>([]);
  const [label, setLabel] = useState(labels[0] ?? "");
  const [chosen, setChosen] = useState<number | null>(null);
  const [said, setSaid] = useState("");
  const selected = useSelection();
  const caret = useCaret(ids);
  const texts = useMemo(
    () => new Map(completions.map(({ id, text }) => [id, text] as const)),
    [completions],
  );
  const letter = (id: string) => letterOf(ids.indexOf(id));

  const change = useCallback(
    (next: Span[] | undefined) => {
      earlier.current.push(answer?.spans);
      onAnswer(name, next && { spans: next });
    },
    [answer, name, onAnswer],
  );

  const mark = (passage: Passage | null, as: string) => {
    const text = passage && texts.get(passage.completion);
    const clean = passage && text !== undefined && text !== null && trimmed(passage, text);
    if (!clean || typeof text !== "string") return;
    const next = withSpan(spans, spanOf(clean, text, as), ids);
    change(next.spans);
    setLabel(as);
    setChosen(next.place);
    setSaid(t("marked", { label: as, text: text.slice(clean.start, clean.end) }));
    if (!caret.isOn) clearSelection();
    onActivate();
  };

  const takeLabel = (as: string) => {
    const passage = readSelection();
    if (passage) {
      mark(passage, as);
      return;
    }
    const span = chosen === null ? undefined : spans[chosen];
    if (chosen !== null && span) change(spans.with(chosen, { ...span, label: as }));
    setLabel(as);
  };
  const remove = (place: number) => {
    const left = spans.toSpliced(place, 1);
    change(left.length > 0 ? left : undefined);
    setChosen(left.length > 0 ? Math.min(place, left.length - 1) : null);
    setSaid(t("removed"));
  };
  const undo = () => {
    if (earlier.current.length === 0) return;
    const before = earlier.current.pop();
    onAnswer(name, before && { spans: before });
    setChosen(null);
  };
  const nothing = () => change(answer && spans.length === 0 ? undefined : []);

  const bindings = highlightBindings({
    labels,
    outputs: ids,
    caret,
    hasSelection: selected !== null,
    hasSpans: spans.length > 0,
    takeLabel,
    confirm: () => mark(readSelection(), label),
    drop: clearSelection,
    choose: (step) =>
      setChosen((now) => {
        const next = now === null ? (step > 0 ? 0 : spans.length - 1) : now + step;
        return Math.min(Math.max(next, 0), spans.length - 1);
      }),
    remove: () => chosen !== null && spans[chosen] && remove(chosen),
    comment: () => {
      if (chosen === null) setChosen(spans.length - 1);
      requestAnimationFrame(() => comment.current?.focus());
    },
    undo,
    nothing,
  });
  useBindings("panel", bindings, active);

  const marks = useMemo<MarksByCompletion>(() => {
    const byCompletion: Record<string, Mark[]> = Object.fromEntries(ids.map((id) => [id, []]));
    for (const [place, span] of spans.entries()) {
      const { toUnits } = offsetsOf(texts.get(span.completion) ?? "");
      const style = `label-${Math.max(0, labels.indexOf(span.label)) % STYLES}`;
      byCompletion[span.completion]?.push({
        start: toUnits(span.start),
        end: toUnits(span.end),
        kind: place === chosen ? `${style} chosen` : style,
        id: `${name}/${place}`,
        label: span.label,
        ...(span.comment ? { title: span.comment } : {}),
      });
    }
    return byCompletion;
  }, [ids, spans, texts, labels, chosen, name]);
  usePublishMarks(`highlight/${name}`, marks);

  // A press on a mark chooses it.
  useEffect(() => {
    const press = (event: MouseEvent) => {
      if (!(event.target instanceof Element) || readSelection()) return;
      const id = event.target.closest("[data-mark]")?.getAttribute("data-mark") ?? "";
      if (!id.startsWith(`${name}/`)) return;
      setChosen(Number(id.slice(name.length + 1)));
      onActivate();
    };
    document.addEventListener("click", press);
    return () => document.removeEventListener("click", press);
  }, [name, onActivate]);

  if (!question) return null;
  const takes = selected !== null && isFirstToTake(panel.current);
  return (
    <div
      ref={panel}
      className={classes.panel}
      data-highlight-panel={active ? "active" : ""}
      data-answer
    >
      {/* biome-ignore lint/a11y/useSemanticElements: a group of buttons, not a form */}
      <div className={classes.labels} role="group" aria-label={t("labels")}>
        {labels.map((one, place) => (
          <UnstyledButton
            key={one}
            className={classes.label}
            aria-pressed={one === label}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => takeLabel(one)}
          >
            {place < KEYED && <KeyHint of={keyOfLabel(place)} />}
            <mark data-kind={`label-${place % STYLES}`}>{one}</mark>
          </UnstyledButton>
        ))}
        <UnstyledButton
          className={classes.label}
          aria-pressed={caret.isOn}
          onMouseDown={(event) => event.preventDefault()}
          onClick={caret.toggle}
        >
          <KeyHint of={CARET_KEY} />
          {t("byKeys")}
        </UnstyledButton>
        {spans.length === 0 && (
          <UnstyledButton
            className={classes.label}
            aria-pressed={answer !== undefined}
            onMouseDown={(event) => event.preventDefault()}
            onClick={nothing}
          >
            <KeyHint of={NOTHING_KEY} />
            {t("nothing")}
          </UnstyledButton>
        )}
      </div>
      {caret.isOn ? (
        <p className={classes.hint}>
          {t("caretHint", { letter: letter(caret.completion ?? "") })}
          {caret.isHolding && ` ${t("holding")}`}
        </p>
      ) : (
        spans.length === 0 && <p className={classes.hint}>{t("selectHint")}</p>
      )}
      <SpanList
        spans={spans}
        texts={texts}
        labels={labels}
        letterOf={letter}
        chosen={chosen}
        commentRef={comment}
        onChoose={setChosen}
        onChange={(place, span) => change(spans.with(place, span))}
        onRemove={remove}
      />
      {takes && !caret.isOn && (
        <LabelBar
          labels={labels}
          styles={STYLES}
          rect={selected.rect}
          onLabel={(one) => mark(readSelection() ?? selected.passage, one)}
        />
      )}
      <VisuallyHidden aria-live="polite">{caret.isOn ? caret.said : said}</VisuallyHidden>
    </div>
  );
}
