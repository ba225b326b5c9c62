import { Button, Group, Kbd, Popover, Stack, Text, TextInput } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { KeyHint } from "./KeyHint";
import { PAGE_KEYS } from "./page-keys";

/** Reasons as they are stored, in plain English; the catalogue has what is shown. */
export const REASONS = {
  skip: {
    cannotJudge: "cannot judge this",
    unfamiliar: "unfamiliar subject",
    language: "do not know the language",
    tooLong: "too long",
  },
  flag: {
    harmful: "harmful or illegal",
    personal: "personal data",
    broken: "broken or unreadable",
    nonsense: "the prompt makes no sense",
  },
} as const;

/** Skip or flag: opens on its key, and takes a reason by digit, by press or in words. */
export function ReasonButton({
  kind,
  opened,
  onOpen,
  onClose,
  onReason,
  disabled,
}: {
  kind: keyof typeof REASONS;
  opened: boolean;
  onOpen: () => void;
  onClose: () => void;
  onReason: (reason: string) => void;
  disabled?: boolean;
}) {
  const { t } = useTranslation("label");
  const [text, setText] = useState("");
  const reasons = Object.entries(REASONS[kind]);

  const choose = (reason: string) => {
    setText("");
    onReason(reason);
  };
  const press = (event: KeyboardEvent) => {
    if (event.target instanceof HTMLInputElement) return;
    const reason = reasons[Number(event.key) - 1]?.[1];
    if (reason) {
      event.preventDefault();
      choose(reason);
    }
  };

  return (
    <Popover
      opened={opened}
      onChange={(open) => !open && onClose()}
      position="top-end"
      withArrow
      withRoles
      trapFocus
      returnFocus
    >
      <Popover.Target>
        <Button
          size="compact-sm"
          variant="default"
          disabled={disabled}
          leftSection={<KeyHint of={PAGE_KEYS[kind]} />}
          onClick={opened ? onClose : onOpen}
        >
          {t(`${kind}.label`)}
        </Button>
      </Popover.Target>
      <Popover.Dropdown onKeyDown={press}>
        <Stack gap="xs" w={280}>
          <Text size="sm" fw={600}>
            {t(`${kind}.title`)}
          </Text>
          {reasons.map(([name, reason], place) => (
            <Button
              key={name}
              size="xs"
              variant="default"
              justify="start"
              leftSection={
                <Kbd size="xs" aria-hidden>
                  {place + 1}
                </Kbd>
              }
              onClick={() => choose(reason)}
            >
              {t(`${kind}.reason.${name}`)}
            </Button>
          ))}
          <form
            onSubmit={(event) => {
              event.preventDefault();
              choose(text.trim());
            }}
          >
            <Group gap="xs" wrap="nowrap">
              <TextInput
                size="xs"
                flex={1}
                value={text}
                maxLength={500}
                aria-label={t("reasonText")}
                placeholder={t("reasonText")}
                onChange={(event) => setText(event.currentTarget.value)}
              />
              <Button size="xs" type="submit">
                {t(`${kind}.label`)}
              </Button>
            </Group>
          </form>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
