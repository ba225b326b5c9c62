import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import { Page } from "../shared/Page";
import { ErrorState, Loading } from "../shared/States";
import { AgreementCard } from "./AgreementCard";
import { HistoryCard } from "./HistoryCard";
import { TodayCard } from "./TodayCard";
import { useMine } from "./use-mine";

/** An annotator's own page: count, pace and quota, agreement where allowed, and the history. */
export function MinePage() {
  const { t } = useTranslation("mine");
  const project = useProject();
  const mine = useMine(project.id);
  return (
    <Page width={900} key={project.id}>
      <Title order={1}>{t("common:nav.mine")}</Title>
      {mine.isPending && <Loading lines={4} />}
      {mine.isError && <ErrorState error={mine.error} onRetry={mine.refetch} />}
      {mine.data && <TodayCard mine={mine.data} />}
      {mine.data?.own_figures && <AgreementCard project={project.id} />}
      <HistoryCard />
    </Page>
  );
}
