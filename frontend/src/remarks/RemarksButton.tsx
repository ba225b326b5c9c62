import {
  ActionIcon,
  Badge,
  Button,
  Drawer,
  Group,
  Indicator,
  Stack,
  Text,
  Tooltip,
  UnstyledButton,
} from "@mantine/core";
import { IconArrowLeft, IconMessage } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Thread } from "../api/types";
import { RelativeTime } from "../shared/RelativeTime";
import { Empty, ErrorState, Loading } from "../shared/States";
import { RemarkThread } from "./RemarkThread";
import classes from "./remarks.module.css";
import { useOwnThreads } from "./use-remarks";

function ThreadRow({ thread, onOpen }: { thread: Thread; onOpen: () => void }) {
  const { t } = useTranslation("remarks");
  return (
    <li>
      <UnstyledButton className={classes.row} onClick={onOpen}>
        <Group gap="xs" justify="space-between" wrap="nowrap" align="start">
          <Text size="sm" fw={600} lineClamp={2} style={{ overflowWrap: "anywhere" }}>
            {thread.prompt.excerpt || thread.prompt.external_id}
          </Text>
          {thread.unread > 0 && (
            <Badge size="sm" tt="none" miw="max-content">
              {t("unread", { count: thread.unread })}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="var(--quiet)" lineClamp={2} style={{ overflowWrap: "anywhere" }}>
          {thread.last.author ?? t("somebody")}: {thread.last.text}
        </Text>
        <Text size="xs" c="var(--quiet)">
          {t("count", { count: thread.remarks })} · <RelativeTime at={thread.last.created_at} />
        </Text>
      </UnstyledButton>
    </li>
  );
}

function Threads({ project, onOpen }: { project: string; onOpen: (thread: Thread) => void }) {
  const { t } = useTranslation("remarks");
  const threads = useOwnThreads(project);
  if (threads.isPending) return <Loading lines={4} />;
  if (!threads.data) return <ErrorState error={threads.error} onRetry={threads.refetch} />;
  if (threads.data.results.length === 0) {
    return <Empty title={t("empty.title")} hint={t("empty.hint")} />;
  }
  return (
    <ul className={classes.list}>
      {threads.data.results.map((thread) => (
        <ThreadRow
          key={`${thread.item} ${thread.annotator.id}`}
          thread={thread}
          onOpen={() => onOpen(thread)}
        />
      ))}
    </ul>
  );
}

/** What reviewers wrote about one's labels: how much is unread, and the threads in a drawer. */
export function RemarksButton({
  project,
  onOpenLabel,
}: {
  project: string;
  /** Puts a stored label on the screen. */
  onOpenLabel: (judgment: string) => void;
}) {
  const { t } = useTranslation("remarks");
  const [open, setOpen] = useState(false);
  const [thread, setThread] = useState<Thread | null>(null);
  const unread = useOwnThreads(project).data?.unread ?? 0;
  const label = unread > 0 ? t("buttonUnread", { count: unread }) : t("button");
  const close = () => setOpen(false);
  return (
    <>
      <Tooltip label={label}>
        <Indicator disabled={unread === 0} size={8} offset={4} color="red">
          <ActionIcon
            variant={unread > 0 ? "light" : "subtle"}
            color={unread > 0 ? undefined : "gray"}
            aria-label={label}
            onClick={() => setOpen(true)}
          >
            <IconMessage size={18} />
          </ActionIcon>
        </Indicator>
      </Tooltip>
      <Drawer
        opened={open}
        onClose={close}
        position="right"
        title={t("title")}
        closeButtonProps={{ "aria-label": t("common:action.close") }}
      >
        {thread ? (
          <Stack gap="sm">
            <Group justify="space-between">
              <Button
                size="compact-sm"
                variant="subtle"
                leftSection={<IconArrowLeft size={14} />}
                onClick={() => setThread(null)}
              >
                {t("back")}
              </Button>
              {thread.judgment && (
                <Button
                  size="compact-sm"
                  variant="default"
                  onClick={() => {
                    onOpenLabel(thread.judgment as string);
                    close();
                  }}
                >
                  {t("open")}
                </Button>
              )}
            </Group>
            <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
              {thread.prompt.excerpt || thread.prompt.external_id}
            </Text>
            <RemarkThread
              key={thread.item}
              place={{ project, item: thread.item }}
              name={thread.last.author ?? ""}
            />
          </Stack>
        ) : (
          <Threads project={project} onOpen={setThread} />
        )}
      </Drawer>
    </>
  );
}
