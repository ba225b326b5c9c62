import { Alert, Code, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./CopyButton";

/** A secret that the server tells only once, with a button to copy it. */
export function SecretOnce({ title, value }: { title: string; value: string }) {
  const { t } = useTranslation("errors");
  return (
    <Alert color="teal" title={title} role="status">
      <Stack gap="xs">
        <Text size="sm">{t("once")}</Text>
        <Group gap="xs" wrap="wrap">
          <Code style={{ overflowWrap: "anywhere" }}>{value}</Code>
          <CopyButton value={value} />
        </Group>
      </Stack>
    </Alert>
  );
}
