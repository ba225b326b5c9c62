import { ActionIcon, Button, Group, Select, Stack, Textarea } from "@mantine/core";
import { IconPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Message } from "../api/types";

const ROLES = ["system", "user", "assistant"] as const;

/** The prompt: one message, or several with their speakers. */
export function PromptEditor({
  messages,
  onChange,
}: {
  messages: Message[];
  onChange: (messages: Message[]) => void;
}) {
  const { t } = useTranslation("playground");
  const single = messages.length === 1 && messages[0]?.role === "user";
  const change = (index: number, part: Partial<Message>) =>
    onChange(messages.map((message, at) => (at === index ? { ...message, ...part } : message)));
  const nextRole = messages[messages.length - 1]?.role === "user" ? "assistant" : "user";
  return (
    <Stack gap="xs">
      {messages.map((message, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: messages have no ids
        <Group key={index} align="start" wrap="nowrap" gap="xs">
          {!single && (
            <Select
              w={120}
              style={{ flexShrink: 0 }}
              allowDeselect={false}
              aria-label={t("prompt.role")}
              value={message.role}
              onChange={(role) => role && change(index, { role })}
              data={[...new Set([...ROLES, message.role])].map((role) => ({
                value: role,
                label: t(`common:conversation.${role}`, { defaultValue: role }),
              }))}
            />
          )}
          <Textarea
            style={{ flex: 1, minWidth: 0 }}
            autosize
            minRows={single ? 3 : 1}
            maxRows={14}
            aria-label={t("prompt.title")}
            placeholder={single ? t("prompt.placeholder") : undefined}
            value={message.content}
            onChange={(event) => change(index, { content: event.currentTarget.value })}
          />
          {messages.length > 1 && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("prompt.remove")}
              onClick={() => onChange(messages.filter((_, at) => at !== index))}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      <Button
        size="compact-sm"
        variant="subtle"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: "start" }}
        onClick={() => onChange([...messages, { role: nextRole, content: "" }])}
      >
        {t("prompt.add")}
      </Button>
    </Stack>
  );
}
