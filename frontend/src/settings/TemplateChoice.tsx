import { Radio, SimpleGrid, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Template } from "../api/types";
import classes from "./template.module.css";

export function TemplateChoice({
  templates,
  value,
  onChange,
}: {
  templates: Template[];
  value: string;
  onChange: (name: string) => void;
}) {
  const { t } = useTranslation("settings");
  return (
    <Radio.Group value={value} onChange={onChange} aria-label={t("new.template")}>
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="sm">
        {templates.map((template) => (
          <Radio.Card key={template.name} value={template.name} p="sm" className={classes.card}>
            <Stack gap={4}>
              <Text fw={600}>
                {t(`template.${template.name}.title`, { defaultValue: template.title })}
              </Text>
              <Text size="sm" c="var(--quiet)">
                {t(`template.${template.name}.hint`, { defaultValue: template.description })}
              </Text>
              <Text size="xs" c="var(--quiet)">
                {template.questions.map((question) => question.title).join(" · ")}
              </Text>
            </Stack>
          </Radio.Card>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}
