import { Button, type ButtonProps } from "@mantine/core";
import { useTimeout } from "@mantine/hooks";
import { IconCheck, IconCopy } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { copyText } from "./clipboard";

/** Copies `value`; works on plain HTTP too, where the clipboard API is missing. */
export function CopyButton({
  value,
  label,
  ...props
}: { value: string; label?: string } & ButtonProps) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const { start } = useTimeout(() => setCopied(false), 2000);
  const copy = async () => {
    setCopied(await copyText(value));
    start();
  };
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={copied ? <IconCheck size={14} /> : <IconCopy size={14} />}
      {...props}
      onClick={copy}
    >
      {copied ? t("action.copied") : (label ?? t("action.copy"))}
    </Button>
  );
}
