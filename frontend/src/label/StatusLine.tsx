import { ActionIcon, Tooltip } from "@mantine/core";
import { IconBook, IconKeyboard, IconTextScan2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Standing } from "../api/types";
import { useOutbox } from "../outbox";
import type { Desk } from "./desk";
import { keySymbol } from "./keymap";
import { useKeyOf } from "./keys";
import classes from "./label.module.css";
import { PAGE_KEYS } from "./page-keys";
import { ReadingTools, useNamed } from "./reading/ReadingTools";
import type { ReadingDesk } from "./reading/useReadingDesk";
import { StandingNote } from "./standing/StandingNote";
import type { Notice } from "./useLabelling";

function useNoticeText(notice: Notice): string {
  const { t } = useTranslation("label");
  const undoKey = useKeyOf()(PAGE_KEYS.undo);
  switch (notice.kind) {
    case "none":
      return "";
    case "reasoned":
      return t("notice.reasoned", { reason: notice.reason });
    case "missing":
      return t("notice.missing", { title: notice.title });
    default:
      return t(`notice.${notice.kind}`, { key: keySymbol(undoKey) });
  }
}

function Tool({
  label,
  pressed,
  onClick,
  children,
}: {
  label: string;
  pressed?: boolean;
  onClick: () => void;
  children: ReactNode;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon
        variant={pressed ? "light" : "subtle"}
        color={pressed ? undefined : "gray"}
        aria-label={label}
        aria-pressed={pressed}
        onClick={onClick}
      >
        {children}
      </ActionIcon>
    </Tooltip>
  );
}

/** What is saved, on its way and left, what happened last, and the page's tools. */
export function StatusLine({
  desk,
  notice,
  guidelines,
  reading,
  standing,
  remarks,
  onGuidelines,
  onKeys,
}: {
  desk: Desk;
  notice: Notice;
  guidelines: boolean;
  reading: ReadingDesk;
  standing: Standing | undefined;
  remarks: ReactNode;
  onGuidelines: () => void;
  onKeys: () => void;
}) {
  const { t } = useTranslation("label");
  const { saved, unsent } = useOutbox();
  const named = useNamed();
  const text = useNoticeText(notice);
  const parts = [
    t("progress.saved", { count: saved }),
    t("progress.unsent", { count: unsent.length }),
    desk.remaining === null ? null : t("progress.remaining", { count: desk.remaining }),
  ].filter((part) => part !== null);
  return (
    <div className={classes.status}>
      <span data-testid="label-progress">{parts.join(" · ")}</span>
      <StandingNote standing={standing} />
      <output className={classes.notice} aria-live="polite" data-kind={notice.kind}>
        {text}
      </output>
      <div className={classes.tools}>
        {remarks}
        <ReadingTools desk={reading} />
        <Tool label={named("guidelines")} pressed={guidelines} onClick={onGuidelines}>
          <IconBook size={18} />
        </Tool>
        <Tool
          label={named("plain")}
          pressed={reading.reading.plain}
          onClick={() => reading.set({ plain: !reading.reading.plain })}
        >
          <IconTextScan2 size={18} />
        </Tool>
        <Tool label={named("keys")} onClick={onKeys}>
          <IconKeyboard size={18} />
        </Tool>
      </div>
    </div>
  );
}
