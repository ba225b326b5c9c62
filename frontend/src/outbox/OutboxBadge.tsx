import { Alert, Button, Divider, Group, Popover, Stack, Text, UnstyledButton } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconCloudUp } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { ConfirmButton } from "../shared/ConfirmButton";
import { saveAsFile } from "../shared/save-as-file";
import { outbox, useOutbox } from ".";
import classes from "./OutboxBadge.module.css";
import type { StoredEntry } from "./store";

/** A failed judgment in the form of the API, for whoever has to enter it by hand. */
function exportEntries(entries: StoredEntry[]): void {
  const lines = entries.map(({ uuid, project, account, body, item, failure, createdAt }) => ({
    uuid,
    project,
    account,
    created_at: new Date(createdAt).toISOString(),
    judgment: body,
    prompt: item.prompt,
    completions: item.completions,
    failure,
  }));
  saveAsFile("unsent-labels.json", "application/json", JSON.stringify(lines, null, 2));
}

function FailedEntry({ entry, onReopen }: { entry: StoredEntry; onReopen: () => void }) {
  const { t } = useTranslation();
  const { reason = "other", message = "" } = entry.failure ?? {};
  return (
    <Stack gap={4}>
      <Text size="sm">{t(`outbox.reason.${reason}`, { message })}</Text>
      <Group gap={4}>
        <Button size="compact-xs" variant="default" onClick={onReopen}>
          {t("outbox.reopen")}
        </Button>
        <Button size="compact-xs" variant="default" onClick={() => void outbox.retry(entry.uuid)}>
          {t("outbox.retry")}
        </Button>
        <ConfirmButton
          size="compact-xs"
          question={t("outbox.discardConfirm")}
          confirmLabel={t("outbox.discard")}
          onConfirm={() => void outbox.discard(entry.uuid)}
        >
          {t("outbox.discard")}
        </ConfirmButton>
      </Group>
    </Stack>
  );
}

function useBadge() {
  const { t } = useTranslation();
  const { unsent, failed, saved, others, signedIn } = useOutbox();
  if (failed.length > 0) {
    return {
      Icon: IconAlertTriangle,
      text: t("outbox.failed", { count: failed.length }),
      tone: "bad",
    };
  }
  if (unsent.length > 0) {
    return { Icon: IconCloudUp, text: t("outbox.unsent", { count: unsent.length }), tone: "wait" };
  }
  const waiting = {
    Icon: IconCloudUp,
    text: t("outbox.unsent", { count: others }),
    tone: signedIn ? "" : "wait",
  };
  if (others > 0 && !signedIn) return waiting;
  if (saved > 0) {
    return { Icon: IconCheck, text: t("outbox.saved", { count: saved }), tone: "good" };
  }
  if (others > 0) return waiting;
  return null;
}

/** Says in the header what is saved and what is still on its way. */
export function OutboxBadge() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [open, setOpen] = useState(false);
  const view = useOutbox();
  const badge = useBadge();
  if (!badge) return null;

  const reopen = (entry: StoredEntry) => {
    setOpen(false);
    navigate(`/projects/${entry.project}/label`, { state: { reopen: entry.uuid } });
  };
  const waiting =
    view.status === "signed_out" || !view.signedIn
      ? t("outbox.waitingLogin")
      : view.status === "offline"
        ? t("outbox.waitingNetwork")
        : null;

  return (
    <Popover opened={open} onChange={setOpen} withArrow withRoles width={340} position="bottom-end">
      <Popover.Target>
        <UnstyledButton
          className={classes.badge}
          data-tone={badge.tone}
          data-testid="outbox-badge"
          onClick={() => setOpen(!open)}
        >
          <badge.Icon size={16} aria-hidden />
          {badge.text}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <Text fw={600} size="sm">
            {t("outbox.title")}
          </Text>
          {view.unsent.length > 0 ? (
            <Text size="sm">{t("outbox.unsent", { count: view.unsent.length })}</Text>
          ) : (
            view.signedIn &&
            view.failed.length === 0 && <Text size="sm">{t("outbox.allSent")}</Text>
          )}
          {(view.unsent.length > 0 || !view.signedIn) && waiting && <Alert p="xs">{waiting}</Alert>}
          {view.signedIn && view.others > 0 && (
            <Text size="sm">{t("outbox.othersWaiting", { count: view.others })}</Text>
          )}
          {view.failed.length > 0 && (
            <>
              <Divider />
              <Text fw={600} size="sm">
                {t("outbox.failedTitle")}
              </Text>
              <Text size="xs" c="var(--quiet)">
                {t("outbox.failedHint")}
              </Text>
              {view.failed.map((entry) => (
                <FailedEntry key={entry.uuid} entry={entry} onReopen={() => reopen(entry)} />
              ))}
              <Button size="xs" variant="light" onClick={() => exportEntries(view.failed)}>
                {t("outbox.export")}
              </Button>
            </>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
