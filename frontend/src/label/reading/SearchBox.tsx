import { ActionIcon, CloseButton, TextInput } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import classes from "./reading.module.css";

/** Searches the task on the screen: Enter goes on, Shift+Enter back, Esc closes. */
export function SearchBox({
  query,
  at,
  total,
  most,
  onQuery,
  onStep,
  onClose,
}: {
  query: string;
  at: number;
  total: number;
  most: boolean;
  onQuery: (query: string) => void;
  onStep: (by: 1 | -1) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("label");
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);

  const press = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") onClose();
    else if (event.key === "Enter" && event.target === input.current)
      onStep(event.shiftKey ? -1 : 1);
    else return;
    event.preventDefault();
  };
  const count = most ? `${total}+` : String(total);
  return (
    <search className={classes.search} onKeyDown={press}>
      <TextInput
        ref={input}
        size="xs"
        flex="1 1 180px"
        miw={80}
        maxLength={200}
        value={query}
        aria-label={t("view.search")}
        placeholder={t("view.searchHint")}
        onChange={(event) => onQuery(event.currentTarget.value)}
      />
      <output className={classes.searchCount} aria-live="polite" aria-atomic>
        {query === ""
          ? ""
          : total === 0
            ? t("view.searchNone")
            : t("view.searchCount", { at: at + 1, total: count })}
      </output>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("view.searchPrevious")}
        disabled={total === 0}
        onClick={() => onStep(-1)}
      >
        <IconChevronUp size={16} />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={t("view.searchNext")}
        disabled={total === 0}
        onClick={() => onStep(1)}
      >
        <IconChevronDown size={16} />
      </ActionIcon>
      <CloseButton size="sm" aria-label={t("view.searchClose")} onClick={onClose} />
    </search>
  );
}
