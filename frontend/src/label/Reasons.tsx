import { UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { KeyHint } from "./KeyHint";
import type { Binding, Named } from "./keymap";
import classes from "./label.module.css";

/** So many reasons have a key of their own. */
const KEYED = 9;

const keyOfReason = (place: number): Named => ({
  keys: [`Shift+${place + 1}`],
  label: "why.give",
  action: `why.${place + 1}`,
});

/** The keys that give a project's reasons: Shift and a digit, which no answer needs. */
export function reasonBindings(
  reasons: readonly string[],
  onReason: (reason: string) => void,
): Binding[] {
  return reasons.slice(0, KEYED).map((reason, place) => ({
    ...keyOfReason(place),
    group: "task",
    values: { reason },
    run: () => onReason(reason),
  }));
}

/** A project's reasons in a row, to say why one has judged so; nobody has to. */
export function Reasons({
  title,
  reasons,
  chosen,
  disabled = false,
  onReason,
}: {
  title: string;
  reasons: readonly string[];
  chosen: string;
  disabled?: boolean;
  onReason: (reason: string) => void;
}) {
  const { t } = useTranslation("label");
  return (
    // biome-ignore lint/a11y/useSemanticElements: a group of buttons, not a form
    <div className={classes.reasons} role="group" aria-label={title} data-answer>
      <span className={classes.reasonsTitle}>{title}</span>
      {reasons.map((reason, place) => (
        <UnstyledButton
          key={reason}
          className={classes.reason}
          aria-pressed={chosen === reason}
          aria-label={t("why.give", { reason })}
          disabled={disabled}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onReason(reason)}
        >
          {place < KEYED && <KeyHint of={keyOfReason(place)} />}
          {reason}
        </UnstyledButton>
      ))}
    </div>
  );
}
