import { Badge, Button, Card, Group, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProjects } from "../api/projects";
import type { Project } from "../api/types";
import { Page } from "../shared/Page";
import { Empty, ErrorState, Loading } from "../shared/States";
import { DeletedProjects } from "./DeletedProjects";

function ProjectCard({ project }: { project: Project }) {
  const { t } = useTranslation("projects");
  const empty = project.prompts === 0 && project.role === "admin";
  return (
    <Card withBorder component="article">
      <Stack gap="xs" h="100%">
        <Group justify="space-between" wrap="nowrap" align="start">
          <Text component="h2" fw={600} style={{ overflowWrap: "anywhere" }}>
            {project.name}
          </Text>
          {project.is_demo && (
            <Badge variant="light" style={{ flexShrink: 0 }}>
              {t("common:demo")}
            </Badge>
          )}
        </Group>
        {project.description && (
          <Text size="sm" lineClamp={3}>
            {project.description}
          </Text>
        )}
        <Text size="sm" c="var(--quiet)">
          {t("prompts", { count: project.prompts })}
          {" · "}
          {t("judgments", { count: project.judgments })}
          {" · "}
          {t("role", { role: t(`common:role.${project.role}`) })}
          {" · "}
          {t("owner", { owner: project.owner })}
        </Text>
        <Group mt="auto">
          <Button
            component={Link}
            to={`/projects/${project.id}/${empty ? "data" : "label"}`}
            size="xs"
          >
            {t(empty ? "import" : "label")}
          </Button>
          {project.role !== "annotator" && (
            <Button
              component={Link}
              to={`/projects/${project.id}/overview`}
              size="xs"
              variant="default"
            >
              {t("open")}
            </Button>
          )}
        </Group>
      </Stack>
    </Card>
  );
}

export function ProjectListPage() {
  const { t } = useTranslation("projects");
  const projects = useProjects();
  const create = (
    <Button component={Link} to="/projects/new">
      {t("new")}
    </Button>
  );
  return (
    <Page>
      <Group justify="space-between">
        <Title order={1}>{t("title")}</Title>
        {projects.data && projects.data.length > 0 && create}
      </Group>
      {projects.isPending && <Loading />}
      {projects.isError && <ErrorState error={projects.error} onRetry={projects.refetch} />}
      {projects.data?.length === 0 && (
        <Empty title={t("emptyTitle")} hint={t("empty")} action={create} />
      )}
      {projects.data && projects.data.length > 0 && (
        <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }}>
          {projects.data.map((project) => (
            <ProjectCard key={project.id} project={project} />
          ))}
        </SimpleGrid>
      )}
      <DeletedProjects />
    </Page>
  );
}
