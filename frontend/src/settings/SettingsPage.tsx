import { Stack, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import { Page } from "../shared/Page";
import { PageTabs } from "../shared/PageTabs";
import { Empty } from "../shared/States";
import { GeneralTab } from "./GeneralTab";
import { HistoryTab } from "./HistoryTab";
import { InvitationsSection } from "./InvitationsSection";
import { MembersSection } from "./MembersSection";
import { QualityTab } from "./QualityTab";
import { QueueTab } from "./queue/QueueTab";
import { GuidelinesTab, QuestionsTab } from "./WordingTab";

export function SettingsPage() {
  const { t } = useTranslation("settings");
  const project = useProject();
  if (project.role !== "admin") {
    return <Empty title={t("common:state.notFoundTitle")} hint={t("forAdmins")} />;
  }
  const people = (
    <Stack gap="md">
      <MembersSection />
      <InvitationsSection />
    </Stack>
  );
  return (
    // Another project starts with fields of its own.
    <Page width={960} key={project.id}>
      <Title order={1}>{t("common:nav.settings")}</Title>
      <PageTabs
        label={t("common:nav.settings")}
        tabs={[
          { value: "general", label: t("tab.general"), content: <GeneralTab /> },
          { value: "questions", label: t("tab.questions"), content: <QuestionsTab /> },
          { value: "guidelines", label: t("tab.guidelines"), content: <GuidelinesTab /> },
          { value: "quality", label: t("tab.quality"), content: <QualityTab /> },
          { value: "queue", label: t("tab.queue"), content: <QueueTab /> },
          { value: "people", label: t("tab.people"), content: people },
          { value: "history", label: t("tab.history"), content: <HistoryTab /> },
        ]}
      />
    </Page>
  );
}
