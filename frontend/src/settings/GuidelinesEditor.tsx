import { SegmentedControl, SimpleGrid, Stack, Text, Textarea } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Markdown } from "../shared/Markdown";

/** Markdown beside what the annotators will see; one or the other on a narrow screen. */
export function GuidelinesEditor({
  value,
  onChange,
  error,
}: {
  value: string;
  onChange: (value: string) => void;
  error?: string;
}) {
  const { t } = useTranslation("settings");
  const wide = useMediaQuery("(min-width: 62em)", true, { getInitialValueInEffect: false });
  const [shown, setShown] = useState("write");
  const write = (
    <Textarea
      aria-label={t("guidelines.title")}
      description={t("guidelines.hint")}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      error={error}
      autosize
      minRows={12}
      maxRows={40}
      ff="monospace"
    />
  );
  const preview = (
    <Stack gap={4}>
      <Text size="sm" fw={500}>
        {t("guidelines.preview")}
      </Text>
      {value.trim() ? (
        <Markdown>{value}</Markdown>
      ) : (
        <Text size="sm" c="var(--quiet)">
          {t("guidelines.empty")}
        </Text>
      )}
    </Stack>
  );
  if (wide) {
    return (
      <SimpleGrid cols={2} spacing="lg">
        {write}
        {preview}
      </SimpleGrid>
    );
  }
  return (
    <Stack gap="sm" align="stretch">
      <SegmentedControl
        aria-label={t("guidelines.title")}
        data={[
          { value: "write", label: t("guidelines.write") },
          { value: "preview", label: t("guidelines.preview") },
        ]}
        value={shown}
        onChange={setShown}
        style={{ alignSelf: "start" }}
      />
      {shown === "write" ? write : preview}
    </Stack>
  );
}
