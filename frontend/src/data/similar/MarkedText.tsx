import { useMemo } from "react";
import { partsOf } from "./parts";
import classes from "./similar.module.css";

/** A text as it is written, with some ranges marked. */
export function MarkedText({
  text,
  ranges,
  kind,
}: {
  text: string;
  /** Flat: from, to, from, to, ... in UTF-16 units. */
  ranges: readonly number[];
  kind: "first" | "second" | "name";
}) {
  const parts = useMemo(() => partsOf(text, ranges), [text, ranges]);
  return (
    <div className={classes.text}>
      {parts.map((part) =>
        part.marked ? (
          <mark key={part.at} data-kind={kind}>
            {part.text}
          </mark>
        ) : (
          <span key={part.at}>{part.text}</span>
        ),
      )}
    </div>
  );
}
