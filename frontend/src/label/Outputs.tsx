import { VisuallyHidden } from "@mantine/core";
import {
  type CSSProperties,
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useDeferredValue,
  useEffect,
  useMemo,
  useState,
} from "react";
import { useTranslation } from "react-i18next";
import type { QueueItem } from "../api/types";
import { Conversation } from "../shared/Conversation";
import { Markdown } from "../shared/Markdown";
import { letterOf } from "./answers";
import { useMarksOf } from "./output-marks";
import classes from "./reading/reading.module.css";
import "./reading/highlights.css";
import { SearchBox } from "./reading/SearchBox";
import { useScrollTogether } from "./reading/scrolling";
import { SIZES } from "./reading/settings";
import { afterPaint, type Comparison, useHighlights, useRevealed } from "./reading/useHighlights";
import type { ReadingDesk } from "./reading/useReadingDesk";

type Completion = QueueItem["completions"][number];

/** What an output's head says about the comparison it is part of. */
function Difference({
  comparison,
  pair,
  place,
}: {
  comparison: Comparison;
  pair: [number, number];
  place: number;
}) {
  const { t } = useTranslation("label");
  if (comparison.state === "none" || comparison.state === "working") return null;
  if (comparison.state !== "done") return t(`view.diffState.${comparison.state}`);
  const first = place === pair[0];
  const other = letterOf(first ? pair[1] : pair[0]);
  const count = first ? comparison.firstWords : comparison.secondWords;
  return (
    <span className={classes.onlyHere} data-side={first ? "first" : "second"}>
      {t("view.onlyHere", { count, other })}
    </span>
  );
}

const Text = memo(function Text({
  completion,
  lang,
  plain,
}: {
  completion: Completion;
  lang?: string;
  plain: boolean;
}) {
  const marks = useMarksOf(completion.id);
  return (
    <div className={classes.text} data-part="output" data-completion={completion.id}>
      <Markdown lang={lang} plain={plain} marks={marks}>
        {completion.text}
      </Markdown>
    </div>
  );
});

interface TaskProps {
  prompt: QueueItem["prompt"];
  completions: QueueItem["completions"];
  shown: QueueItem["shown"];
  plain: boolean;
  layout: ReadingDesk["reading"]["layout"];
  paned: boolean;
  /** The output in front where there is one at a time. */
  place: number;
  pair: [number, number] | null;
  comparison: Comparison;
}

/** The prompt as a conversation, and under it the outputs in the order that the lease gave. */
const Task = memo(function Task({
  prompt,
  completions,
  shown,
  plain,
  layout,
  paned,
  place: front,
  pair,
  comparison,
}: TaskProps) {
  const { t } = useTranslation("label");
  const byId = new Map(completions.map((completion) => [completion.id, completion]));
  const lang = prompt.language || undefined;
  return (
    <>
      <section className={classes.prompt} aria-label={t("prompt")}>
        <div className={classes.text} data-part="prompt">
          <Conversation messages={prompt.messages} lang={lang} plain={plain} />
        </div>
      </section>
      <div className={classes.outputs} data-count={shown.length} data-layout={layout}>
        {shown.map((id, place) => {
          const completion = byId.get(id);
          if (!completion) return null;
          return (
            <article
              key={id}
              className={classes.output}
              aria-label={t("output", { letter: letterOf(place) })}
              hidden={layout === "single" && place !== front}
              data-pane={paned || undefined}
              tabIndex={paned ? 0 : undefined}
            >
              <header className={classes.outputHead}>
                <span className={classes.letter} aria-hidden>
                  {letterOf(place)}
                </span>
                {completion.source && <span className={classes.source}>{completion.source}</span>}
                {pair?.includes(place) && (
                  <span className={classes.source}>
                    <Difference comparison={comparison} pair={pair} place={place} />
                  </span>
                )}
              </header>
              <Text completion={completion} lang={lang} plain={plain} />
            </article>
          );
        })}
      </div>
    </>
  );
});

function useComparisonText(comparison: Comparison, pair: [number, number] | null): string {
  const { t } = useTranslation("label");
  if (!pair || comparison.state === "none" || comparison.state === "working") return "";
  if (comparison.state !== "done") return t(`view.diffState.${comparison.state}`);
  return t("view.diffSaid", {
    first: letterOf(pair[0]),
    second: letterOf(pair[1]),
    firstWords: comparison.firstWords,
    secondWords: comparison.secondWords,
  });
}

/**
 * Where a task stands: in front, or behind it. What is behind is laid out once and then kept as it is, at no cost,
 * out of reach of eyes, keys and screen readers. Nothing that its content inherits changes when it comes forward:
 * the browser would have to style all of it anew.
 */
function Place({ item, here, children }: { item: string; here: boolean; children: ReactNode }) {
  const [isLaidOut, setLaidOut] = useState(false);
  useEffect(() => afterPaint(() => setLaidOut(true)), []);
  return (
    <div
      className={here ? undefined : classes.behind}
      data-task={item}
      aria-hidden={here ? undefined : true}
      data-behind={here ? undefined : isLaidOut ? "kept" : "new"}
    >
      {children}
    </div>
  );
}

const NO_COMPARISON: Comparison = { state: "none" };

/**
 * The tasks to be rendered: the one on the screen at once; the others, also the end of those that are done with,
 * while nothing else is to do.
 */
function useRendered(current: QueueItem, next: readonly QueueItem[]): readonly QueueItem[] {
  const wanted = useMemo(() => [current, ...next], [current, next]);
  const prepared = useDeferredValue(wanted);
  return useMemo(
    () =>
      prepared.some((item) => item.item === current.item)
        ? prepared.map((item) => (item.item === current.item ? current : item))
        : [current, ...prepared],
    [prepared, current],
  );
}

/**
 * The task on the screen; those that come next stand behind it, rendered and laid out but not to be seen, so that
 * a key has only to bring them forward.
 */
export function Outputs({
  current,
  next,
  desk,
}: {
  current: QueueItem;
  next: readonly QueueItem[];
  desk: ReadingDesk;
}) {
  const { t } = useTranslation("label");
  const { reading, root, place, pair, show } = desk;
  const [query, setQuery] = useState("");
  const { comparison, hits } = useHighlights({
    root: root as RefObject<Element | null>,
    taskKey: current.item,
    pair,
    dim: reading.dim,
    query: desk.finding ? query : "",
    language: current.prompt.language,
  });
  useScrollTogether(root, reading.scrolling === "together");
  const single = reading.layout === "single" && current.shown.length > 1;
  const bringToFront = useCallback(
    (at: number) => {
      if (single) show(at);
    },
    [single, show],
  );
  useRevealed(hits.hit, bringToFront);
  const compared = useComparisonText(comparison, pair);
  const rendered = useRendered(current, next);

  return (
    <div
      ref={root}
      className={classes.reading}
      data-scrolling={reading.scrolling}
      style={{ "--reading-zoom": SIZES[reading.size] } as CSSProperties}
    >
      <VisuallyHidden role="status">{desk.said}</VisuallyHidden>
      <VisuallyHidden role="status">{compared}</VisuallyHidden>
      {desk.finding && (
        <div className={classes.searchPlace}>
          <SearchBox
            query={query}
            at={hits.at}
            total={hits.total}
            most={hits.most}
            onQuery={setQuery}
            onStep={hits.step}
            onClose={() => desk.setFinding(false)}
          />
        </div>
      )}
      {single && (
        // biome-ignore lint/a11y/useSemanticElements: a group of buttons, not a form
        <div className={classes.front} role="group" aria-label={t("view.front")}>
          {current.shown.map((id, at) => (
            <button
              key={id}
              type="button"
              className={classes.letter}
              aria-pressed={at === place}
              aria-label={t("output", { letter: letterOf(at) })}
              onClick={() => show(at)}
            >
              {letterOf(at)}
            </button>
          ))}
        </div>
      )}
      {rendered.map((item) => {
        const here = item.item === current.item;
        return (
          <Place key={item.item} item={item.item} here={here}>
            <Task
              prompt={item.prompt}
              completions={item.completions}
              shown={item.shown}
              plain={reading.plain}
              layout={reading.layout}
              paned={reading.scrolling !== "page"}
              place={here ? place : 0}
              pair={here ? pair : null}
              comparison={here ? comparison : NO_COMPARISON}
            />
          </Place>
        );
      })}
    </div>
  );
}
