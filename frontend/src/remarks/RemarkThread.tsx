import { Button, Group, Paper, Stack, Text, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { useUser } from "../api/session";
import type { Remark } from "../api/types";
import { FormError } from "../shared/FormError";
import { Markdown } from "../shared/Markdown";
import { RelativeTime } from "../shared/RelativeTime";
import { ErrorState, Loading } from "../shared/States";
import { type Place, useReadThread, useThread, useWriteRemark } from "./use-remarks";

const LONGEST = 4000;

function Entry({ remark }: { remark: Remark }) {
  const { t } = useTranslation("remarks");
  return (
    <Paper component="li" withBorder p="xs">
      <Text size="xs" c="var(--quiet)">
        <strong>{remark.author ?? t("somebody")}</strong> · {t(remark.from)} ·{" "}
        <RelativeTime at={remark.created_at} />
        {remark.read_at && ` · ${t("read")}`}
      </Text>
      <Markdown>{remark.text}</Markdown>
    </Paper>
  );
}

/** What a reviewer and an annotator say to each other about an item; looking at it marks it as read. */
export function RemarkThread({ place, name }: { place: Place; name: string }) {
  const { t } = useTranslation("remarks");
  const user = useUser();
  const thread = useThread(place);
  const write = useWriteRemark(place);
  const read = useReadThread(place);
  const [text, setText] = useState("");
  const { mutate: markRead } = read;
  const said = thread.data?.results;
  const newest = said?.findLast((one) => one.read_at === null && one.author !== user.username)?.id;
  const marked = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (newest === undefined || marked.current === newest) return;
    marked.current = newest;
    markRead();
  }, [newest, markRead]);

  if (thread.isPending) return <Loading lines={3} />;
  if (!said) return <ErrorState error={thread.error} onRetry={thread.refetch} />;
  const send = () => write.mutate(text.trim(), { onSuccess: () => setText("") });
  return (
    <Stack gap="xs">
      {said.length === 0 ? (
        <Text size="sm" c="var(--quiet)">
          {t("none")}
        </Text>
      ) : (
        <Stack component="ol" gap="xs" m={0} p={0} style={{ listStyle: "none" }}>
          {said.map((remark) => (
            <Entry key={remark.id} remark={remark} />
          ))}
        </Stack>
      )}
      <Textarea
        label={place.annotator ? t("write", { name }) : t("answer")}
        placeholder={t("placeholder")}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={LONGEST}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && text.trim()) send();
        }}
      />
      <FormError error={write.error} />
      <Group justify="end">
        <Button size="xs" onClick={send} disabled={!text.trim()} loading={write.isPending}>
          {t("send")}
        </Button>
      </Group>
    </Stack>
  );
}
