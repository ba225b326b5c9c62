import { Anchor, Card, Group, Progress, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { TrainingRun } from "../api/types";
import { useFormats } from "../charts/format";
import { RelativeTime } from "../shared/RelativeTime";
import { RunBadge } from "./ModelBadges";
import { isLive } from "./use-training";
import { useLabelsText } from "./words";

/** The latest runs; one that is going shows how far it is. */
export function RunsCard({ runs, project }: { runs: TrainingRun[]; project: string }) {
  const { t } = useTranslation("training");
  const labelsText = useLabelsText();
  const formats = useFormats();
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        {t("runs.title")}
      </Title>
      {runs.length === 0 && (
        <Text size="sm" c="var(--quiet)">
          {t("runs.empty")}
        </Text>
      )}
      <Stack component="ol" gap={0} p={0} m={0} style={{ listStyle: "none" }}>
        {runs.map((run) => (
          <Stack
            component="li"
            key={run.id}
            gap={4}
            py="xs"
            style={{ borderTop: "1px solid var(--rule)" }}
          >
            <Group gap="xs">
              <Anchor component={Link} to={`/projects/${project}/runs/${run.id}`} fw={500}>
                {t("runs.name", {
                  kind: t(`kindLong.${run.model.kind}`),
                  at: formats.moment(run.created_at),
                })}
              </Anchor>
              <RunBadge status={run.status} />
              <Text size="sm" c="var(--quiet)">
                {t(`run.trigger.${run.trigger}`)}
                {" · "}
                <RelativeTime at={run.created_at} />
              </Text>
            </Group>
            {isLive(run.status) && (
              <Progress value={run.progress * 100} aria-label={t("run.progress")} />
            )}
            <Text size="sm" c="var(--quiet)">
              {run.error ? run.error.message : labelsText(run.labels)}
            </Text>
          </Stack>
        ))}
      </Stack>
    </Card>
  );
}
