import { Anchor, Group, Loader, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProject } from "../../api/projects";
import type { Import } from "../../api/types";
import { useExamined } from "./similar";

const COUNTS = ["near_duplicates", "equal_outputs", "revealing"] as const;

/** What the search through an import has found, under its report. */
export function Findings({ report }: { report: Import }) {
  const { t } = useTranslation("similar");
  const project = useProject();
  const examined = useExamined(project.id, report);
  const found = examined.data.examination;
  if (!found) return null;
  if (found.status === "queued" || found.status === "running") {
    return (
      <Group gap="xs" role="status">
        <Loader size="xs" aria-hidden />
        <Text size="sm">{t("found.searching")}</Text>
      </Group>
    );
  }
  const named = COUNTS.filter((name) => found[name] > 0);
  return (
    <Text size="sm" role="status">
      {found.status === "failed" && `${t("found.failed")} `}
      {named.length === 0
        ? found.status === "succeeded" && t("found.nothing")
        : `${named.map((name) => t(`found.${name}`, { count: found[name] })).join(t("found.comma"))}. `}
      {named.length > 0 && (
        <Anchor component={Link} to={`/projects/${project.id}/data?tab=similar`} inherit>
          {t("found.look")}
        </Anchor>
      )}
    </Text>
  );
}
