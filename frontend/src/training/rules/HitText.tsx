import { useMemo } from "react";
import { offsetsOf } from "../../kinds/highlight/code-points";
import { Markdown } from "../../shared/Markdown";
import type { Mark } from "../../shared/marks";
import classes from "./hits.module.css";
import type { Hit } from "./types";

/** A text as it is written, with the passages that rules were found by. */
export function HitText({
  text,
  hits,
}: {
  text: string;
  hits: readonly (Hit & { label?: string; title?: string })[];
}) {
  const marks = useMemo(() => {
    const { toUnits } = offsetsOf(text);
    return hits.map(
      ({ start, end, ...more }): Mark => ({
        start: toUnits(start),
        end: toUnits(end),
        kind: "hit",
        ...more,
      }),
    );
  }, [text, hits]);
  return (
    <div className={classes.text}>
      <Markdown plain marks={marks}>
        {text}
      </Markdown>
    </div>
  );
}
