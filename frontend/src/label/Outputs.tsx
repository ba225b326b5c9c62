import { memo } from "react";
import { useTranslation } from "react-i18next";
import type { QueueItem } from "../api/types";
import { Conversation } from "../shared/Conversation";
import { Markdown } from "../shared/Markdown";
import { letterOf } from "./answers";
import classes from "./label.module.css";

/** The prompt as a conversation, and under it the outputs in the order that the lease gave. */
export const Outputs = memo(function Outputs({ item, plain }: { item: QueueItem; plain: boolean }) {
  const { t } = useTranslation("label");
  const byId = new Map(item.completions.map((completion) => [completion.id, completion]));
  const lang = item.prompt.language || undefined;
  return (
    <>
      <section className={classes.prompt} aria-label={t("prompt")}>
        <Conversation messages={item.prompt.messages} lang={lang} plain={plain} />
      </section>
      <div className={classes.outputs} data-count={item.shown.length}>
        {item.shown.map((id, place) => {
          const completion = byId.get(id);
          if (!completion) return null;
          return (
            <article
              key={id}
              className={classes.output}
              aria-label={t("output", { letter: letterOf(place) })}
            >
              <header className={classes.outputHead}>
                <span className={classes.letter} aria-hidden>
                  {letterOf(place)}
                </span>
                {completion.source && <span className={classes.source}>{completion.source}</span>}
              </header>
              <Markdown lang={lang} plain={plain}>
                {completion.text}
              </Markdown>
            </article>
          );
        })}
      </div>
    </>
  );
});
