import { Button, Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Project, QueueReason } from "../api/types";
import { Empty } from "../shared/States";

const KNOWN: readonly QueueReason[] = [
  "all_done",
  "all_leased",
  "empty_project",
  "no_role",
  "project_paused",
  "you_are_paused",
  "qualification_failed",
  "quota_reached",
  "daily_quota_reached",
];

/** Nothing to label: says why, and what to do. */
export function Nothing({
  project,
  reason,
  onBack,
}: {
  project: Project;
  reason: QueueReason | null;
  onBack: () => void;
}) {
  const { t } = useTranslation("label");
  const why = reason && KNOWN.includes(reason) ? reason : "all_done";
  const canImport = why === "empty_project" && project.role === "admin";
  return (
    <Empty
      title={t(`nothing.${why}.title`)}
      hint={t(`nothing.${why}.hint`)}
      action={
        <Group>
          {canImport && (
            <Button component={Link} to="../data">
              {t("nothing.import")}
            </Button>
          )}
          {why !== "empty_project" && why !== "no_role" && (
            <Button variant="default" onClick={onBack}>
              {t("nothing.back")}
            </Button>
          )}
        </Group>
      }
    />
  );
}
