import { ActionIcon, Tooltip } from "@mantine/core";
import { IconBook, IconKeyboard, IconTextScan2 } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useOutbox } from "../outbox";
import type { Desk } from "./desk";
import classes from "./label.module.css";
import type { Notice } from "./useLabelling";

function useNoticeText(notice: Notice): string {
  const { t } = useTranslation("label");
  switch (notice.kind) {
    case "none":
      return "";
    case "missing":
      return t("notice.missing", { title: notice.title });
    default:
      return t(`notice.${notice.kind}`);
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
  plain,
  onGuidelines,
  onPlain,
  onKeys,
}: {
  desk: Desk;
  notice: Notice;
  guidelines: boolean;
  plain: boolean;
  onGuidelines: () => void;
  onPlain: () => void;
  onKeys: () => void;
}) {
  const { t } = useTranslation("label");
  const { saved, unsent } = useOutbox();
  const text = useNoticeText(notice);
  const parts = [
    t("progress.saved", { count: saved }),
    t("progress.unsent", { count: unsent.length }),
    desk.remaining === null ? null : t("progress.remaining", { count: desk.remaining }),
  ].filter((part) => part !== null);
  return (
    <div className={classes.status}>
      <span data-testid="label-progress">{parts.join(" · ")}</span>
      <output className={classes.notice} aria-live="polite" data-kind={notice.kind}>
        {text}
      </output>
      <div className={classes.tools}>
        <Tool label={`${t("tool.guidelines")} (G)`} pressed={guidelines} onClick={onGuidelines}>
          <IconBook size={18} />
        </Tool>
        <Tool label={`${t("tool.plain")} (M)`} pressed={plain} onClick={onPlain}>
          <IconTextScan2 size={18} />
        </Tool>
        <Tool label={`${t("tool.keys")} (?)`} onClick={onKeys}>
          <IconKeyboard size={18} />
        </Tool>
      </div>
    </div>
  );
}
