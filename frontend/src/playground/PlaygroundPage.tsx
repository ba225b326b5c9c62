import { Button, Tabs, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useProject } from "../api/projects";
import { Page } from "../shared/Page";
import { Empty, ErrorState, Loading } from "../shared/States";
import { useModels } from "../training/use-training";
import { ScorePanel } from "./ScorePanel";
import { UsePanel } from "./UsePanel";

export function PlaygroundPage() {
  const { t } = useTranslation(["playground", "training", "charts", "nearest"]);
  const project = useProject();
  const models = useModels(project.id);
  const [parameters, setParameters] = useSearchParams();
  if (models.isPending) return <Loading lines={8} />;
  if (models.isError) return <ErrorState error={models.error} onRetry={models.refetch} />;
  const champion = models.data.some((model) => model.status === "champion");
  return (
    <Page>
      <Title order={1}>{t("title")}</Title>
      <Tabs
        value={parameters.get("tab") ?? "try"}
        onChange={(tab) => setParameters(tab && tab !== "try" ? { tab } : {}, { replace: true })}
      >
        <Tabs.List mb="md">
          <Tabs.Tab value="try">{t("tab.try")}</Tabs.Tab>
          <Tabs.Tab value="use">{t("tab.use")}</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="try">
          {champion ? (
            <ScorePanel project={project} models={models.data} />
          ) : (
            <Empty
              title={t("empty.title")}
              hint={t("empty.hint")}
              action={
                <Button component={Link} to={`/projects/${project.id}/models?retrain=1`}>
                  {t("empty.action")}
                </Button>
              }
            />
          )}
        </Tabs.Panel>
        <Tabs.Panel value="use">
          <UsePanel project={project} models={models.data} />
        </Tabs.Panel>
      </Tabs>
    </Page>
  );
}
