import { Group, Stack, Text } from "@mantine/core";
import { Dropzone } from "@mantine/dropzone";
import "@mantine/dropzone/styles.css";
import { IconFileImport } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

export function FileDrop({ onFile }: { onFile: (file: File) => void }) {
  const { t } = useTranslation("data");
  return (
    <Dropzone
      multiple={false}
      onDrop={([file]) => file && onFile(file)}
      inputProps={{ "aria-label": t("import.choose") }}
      py="lg"
    >
      <Group justify="center" gap="md" wrap="nowrap" style={{ pointerEvents: "none" }}>
        <IconFileImport size={32} stroke={1.5} aria-hidden />
        <Stack gap={4}>
          <Text fw={500}>{t("import.drop")}</Text>
          <Text size="sm" c="var(--quiet)">
            {t("import.formats")}
          </Text>
        </Stack>
      </Group>
    </Dropzone>
  );
}
