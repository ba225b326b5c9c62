import { Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import { Page } from "../shared/Page";
import { PageTabs } from "../shared/PageTabs";
import { ExportTab } from "./ExportTab";
import { ImportTab } from "./ImportTab";
import { PastImports } from "./PastImports";
import { PromptsTab } from "./PromptsTab";
import { SimilarTab } from "./similar/SimilarTab";

/** Data in and out; reviewers see what came in, administrators bring it. */
export function DataPage() {
  const { t } = useTranslation(["data", "similar"]);
  const project = useProject();
  const incoming = project.role === "admin" ? <ImportTab /> : <PastImports project={project.id} />;
  // Chosen once: an import must not be swept away by its own success.
  const [initial] = useState(project.prompts === 0 ? "import" : "prompts");
  return (
    <Page width={1100} key={project.id}>
      <Title order={1}>{t("common:nav.data")}</Title>
      <PageTabs
        label={t("common:nav.data")}
        initial={initial}
        tabs={[
          { value: "prompts", label: t("tab.prompts"), content: <PromptsTab /> },
          { value: "similar", label: t("similar:tab"), content: <SimilarTab /> },
          { value: "import", label: t("tab.import"), content: incoming },
          { value: "export", label: t("tab.export"), content: <ExportTab /> },
        ]}
      />
    </Page>
  );
}
