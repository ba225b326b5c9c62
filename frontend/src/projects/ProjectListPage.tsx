import { Badge, Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProjects } from "../api/projects";
import type { Project } from "../api/types";
import { Page } from "../shared/Page";
import { Empty, ErrorState, Loading } from "../shared/States";

function ProjectCard({ project }: { project: Project }) {
  const { t } = useTranslation();
  return (
    <Card withBorder component="article">
      <Stack gap="xs" h="100%">
        <Group justify="space-between" wrap="nowrap" align="start">
          <Text component="h2" fw={600}>
            {project.name}
          </Text>
          {project.is_demo && <Badge variant="light">{t("demo")}</Badge>}
        </Group>
        {project.description && (
          <Text size="sm" lineClamp={3}>
            {project.description}
          </Text>
        )}
        <Text size="sm" c="var(--quiet)">
          {t("projects.counts", { prompts: project.prompts, judgments: project.judgments })}
          {" · "}
          {t("projects.role", { role: t(`role.${project.role}`) })}
          {" · "}
          {t("projects.owner", { owner: project.owner })}
        </Text>
        <Group mt="auto">
          <Button component={Link} to={`/projects/${project.id}/label`} size="xs">
            {t("projects.label")}
          </Button>
          {project.role !== "annotator" && (
            <Button
              component={Link}
              to={`/projects/${project.id}/overview`}
              size="xs"
              variant="default"
            >
              {t("projects.open")}
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}

export function ProjectListPage() {
  const { t } = useTranslation();
  const projects = useProjects();
  const create = (
    <Button component={Link} to="/projects/new">
      {t("projects.new")}
    </Button>
  );
  return (
    <Page>
      <Group justify="space-between">
        <Title order={1}>{t("projects.title")}</Title>
        {projects.data && projects.data.length > 0 && create}
      </Group>
      {projects.isPending && <Loading />}
      {projects.isError && <ErrorState error={projects.error} onRetry={projects.refetch} />}
      {projects.data?.length === 0 && (
        <Empty title={t("projects.emptyTitle")} hint={t("projects.emptyAdmin")} action={create} />
      )}
      {projects.data && (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {projects.data.map((project) => (
            <ProjectCard key={project.id} project={project} />
          ))}
        </SimpleGrid>
      )}
    </Page>
  );
}
