import { Button, Group, SimpleGrid, Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "react-router";
import { useProject } from "../api/projects";
import { MustPassCard } from "../must-pass/MustPassCard";
import { Page } from "../shared/Page";
import { Empty, ErrorState, Loading } from "../shared/States";
import { ArmsCard } from "./ArmsCard";
import { ChampionCard } from "./ChampionCard";
import { RetrainDialog } from "./RetrainDialog";
import { RetrainingCard } from "./RetrainingCard";
import { RunsCard } from "./RunsCard";
import { useModels, useRuns } from "./use-training";
import { VersionList } from "./VersionList";
import { VersionsChart } from "./VersionsChart";

export function ModelsPage() {
  const { t } = useTranslation(["training", "charts"]);
  const project = useProject();
  const models = useModels(project.id);
  const runs = useRuns(project.id);
  const [parameters, setParameters] = useSearchParams();
  const admin = project.role === "admin";
  const open = admin && parameters.has("retrain");
  const retrain = (label: string) =>
    admin && <Button onClick={() => setParameters({ retrain: "1" })}>{label}</Button>;
  if (models.isPending || runs.isPending) return <Loading lines={8} />;
  if (models.isError) return <ErrorState error={models.error} onRetry={models.refetch} />;
  if (runs.isError) return <ErrorState error={runs.error} onRetry={runs.refetch} />;
  const champion = models.data.find((model) => model.status === "champion");
  return (
    <Page>
      <Group justify="space-between">
        <Title order={1}>{t("title")}</Title>
        {models.data.length > 0 && retrain(t("retrain.action"))}
      </Group>
      {models.data.length === 0 ? (
        <Empty
          title={t("empty.title")}
          hint={admin ? t("empty.hint") : t("empty.hintReviewer")}
          action={retrain(t("empty.action"))}
        />
      ) : (
        <Stack gap="md">
          {champion && <ChampionCard model={champion} project={project.id} />}
          <VersionsChart models={models.data} />
          <ArmsCard models={models.data} project={project} />
          <VersionList models={models.data} />
        </Stack>
      )}
      <MustPassCard />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <RunsCard runs={runs.data} project={project.id} />
        <RetrainingCard project={project} />
      </SimpleGrid>
      {open && <RetrainDialog project={project} onClose={() => setParameters({})} />}
    </Page>
  );
}
