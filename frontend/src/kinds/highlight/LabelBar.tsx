import { Portal, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import classes from "./highlight.module.css";

const MARGIN = 8;
const WIDEST = 320;

/** The labels beside a selection, for mouse and touch. */
export function LabelBar({
  labels,
  styles,
  rect,
  onLabel,
}: {
  labels: readonly string[];
  styles: number;
  rect: DOMRect;
  onLabel: (label: string) => void;
}) {
  const { t } = useTranslation("kind-highlight");
  const room = window.innerHeight - rect.bottom;
  const left = Math.max(MARGIN, Math.min(rect.right, window.innerWidth - WIDEST) - MARGIN);
  const vertical =
    room > 120 ? { top: rect.bottom + MARGIN } : { bottom: window.innerHeight - rect.top + MARGIN };
  return (
    <Portal>
      <div
        className={classes.bar}
        style={{ left, maxWidth: WIDEST, ...vertical }}
        role="toolbar"
        aria-label={t("markAs")}
        data-answer
      >
        {labels.map((label, place) => (
          <UnstyledButton
            key={label}
            className={classes.label}
            // The press would take the selection away before it is read.
            onPointerDown={(event) => event.preventDefault()}
            onMouseDown={(event) => event.preventDefault()}
            onClick={() => onLabel(label)}
          >
            <mark data-kind={`label-${place % styles}`}>{label}</mark>
          </UnstyledButton>
        ))}
      </div>
    </Portal>
  );
}
