import { Button, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Project } from "../api/types";
import { FormError } from "../shared/FormError";
import { RelativeTime } from "../shared/RelativeTime";
import { Section } from "../shared/Section";
import { useDeletedProjects, useRestoreProject } from "./deleted";

function DeletedRow({ project }: { project: Project }) {
  const { t } = useTranslation("projects");
  const restore = useRestoreProject();
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text>
          {project.name}{" "}
          <Text span size="sm" c="var(--quiet)">
            {t("deleted.at")} <RelativeTime at={project.deleted_at} />
          </Text>
        </Text>
        {project.role === "admin" && (
          <Button
            size="xs"
            variant="default"
            onClick={() => restore.mutate(project.id)}
            loading={restore.isPending}
          >
            {t("deleted.restore")}
          </Button>
        )}
      </Group>
      <FormError error={restore.error} />
    </Stack>
  );
}

/** The way back for projects that were deleted lately; nothing where there are none. */
export function DeletedProjects() {
  const { t } = useTranslation("projects");
  const deleted = useDeletedProjects();
  if (!deleted.data?.length) return null;
  return (
    <Section title={t("deleted.title")} hint={t("deleted.hint")}>
      {deleted.data.map((project) => (
        <DeletedRow key={project.id} project={project} />
      ))}
    </Section>
  );
}
