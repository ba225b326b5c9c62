import { Button, Group, List, Stack, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCircle, IconCircleCheckFilled } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Project } from "../api/types";

const STEPS = [
  { key: "import", path: "data" },
  { key: "invite", path: "settings" },
  { key: "label", path: "label" },
] as const;

/** What to do first in a new project: bring prompts, invite people, label. */
export function FirstSteps({ project }: { project: Project }) {
  const { t } = useTranslation("progress");
  const done = { import: project.prompts > 0, invite: false, label: project.judgments > 0 };
  const next = STEPS.find(({ key }) => !done[key])?.key;
  return (
    <Stack gap="sm" maw={640}>
      <Title order={2}>{t("first.title")}</Title>
      <List spacing="md" listStyleType="none" center={false}>
        {STEPS.map(({ key, path }, index) => (
          <List.Item
            key={key}
            icon={
              <ThemeIcon variant="transparent" color={done[key] ? "teal" : "gray"} size={24}>
                {done[key] ? <IconCircleCheckFilled /> : <IconCircle />}
              </ThemeIcon>
            }
          >
            <Text fw={600}>
              {`${index + 1}. ${t(`first.${key}.title`)}`}
              {done[key] && ` – ${t("first.done")}`}
            </Text>
            <Text size="sm" c="var(--quiet)">
              {t(`first.${key}.hint`)}
            </Text>
            <Group mt={8}>
              <Button
                component={Link}
                to={`/projects/${project.id}/${path}`}
                size="xs"
                variant={key === next ? "filled" : "default"}
              >
                {t(`first.${key}.action`)}
              </Button>
            </Group>
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}
