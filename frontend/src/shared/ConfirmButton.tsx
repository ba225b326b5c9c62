import { Button, type ButtonProps, Group, Popover, Stack, Text } from "@mantine/core";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

/** A button that asks once more before it acts. */
export function ConfirmButton({
  question,
  onConfirm,
  confirmLabel,
  children,
  ...props
}: {
  question: string;
  onConfirm: () => void;
  confirmLabel?: string;
  children: ReactNode;
} & ButtonProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  return (
    <Popover opened={open} onChange={setOpen} trapFocus withArrow withRoles>
      <Popover.Target>
        <Button size="xs" variant="default" {...props} onClick={() => setOpen(!open)}>
          {children}
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="sm" maw={280}>
          <Text size="sm">{question}</Text>
          <Group justify="end" gap="xs">
            <Button size="xs" variant="default" onClick={() => setOpen(false)}>
              {t("action.cancel")}
            </Button>
            <Button
              size="xs"
              color="red"
              onClick={() => {
                setOpen(false);
                onConfirm();
              }}
            >
              {confirmLabel ?? t("action.confirm")}
            </Button>
          </Group>
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
