import {
  Alert,
  Anchor,
  Breadcrumbs,
  Button,
  Card,
  Group,
  Progress,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconFlask } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { projectKey, useProject } from "../api/projects";
import type { TrainingRun } from "../api/types";
import { useFormats } from "../charts/format";
import { FailedPairs } from "../must-pass/FailedPairs";
import { Page } from "../shared/Page";
import { RelativeTime } from "../shared/RelativeTime";
import { ErrorState, Loading, useErrorText } from "../shared/States";
import { LossCurves } from "./LossCurves";
import { RunBadge } from "./ModelBadges";
import { RecipeTable } from "./RecipeTable";
import { RunLog } from "./RunLog";
import { isLive, useCancelRun, useRun } from "./use-training";
import { useDecisionText, useLabelsText, useStepText } from "./words";

function Live({ run, canCancel }: { run: TrainingRun; canCancel: boolean }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const stepText = useStepText();
  const errorText = useErrorText();
  const cancel = useCancelRun(run.project);
  return (
    <Stack gap="xs">
      <Progress
        value={run.status === "queued" ? 0 : Math.max(run.progress * 100, 2)}
        size={16}
        animated={run.status === "running"}
        aria-label={t("run.progress")}
      />
      <Group justify="space-between">
        <Text size="sm" aria-live="polite">
          {formats.percent(run.progress)}
          {" · "}
          {run.status === "queued" ? t("run.waiting") : stepText(run.step)}
          {run.eta_seconds !== null &&
            ` · ${t("run.eta", { span: formats.seconds(run.eta_seconds) })}`}
        </Text>
        {canCancel && (
          <Button
            size="xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate(run.id)}
          >
            {t("run.cancel")}
          </Button>
        )}
      </Group>
      {cancel.isError && (
        <Text size="sm" c="red" role="alert">
          {errorText(cancel.error)}
        </Text>
      )}
    </Stack>
  );
}

const ADVICE = new Set([
  "not_enough_labels",
  "out_of_memory",
  "worker_lost",
  "crashed",
  "training_failed",
]);

function Outcome({ run, project }: { run: TrainingRun; project: string }) {
  const { t } = useTranslation("training");
  const decisionText = useDecisionText();
  if (run.status === "succeeded" && run.reward_model) {
    const promoted = run.decision?.promoted ?? false;
    return (
      <Alert
        color={promoted ? "teal" : "gray"}
        variant="light"
        icon={<IconCheck />}
        title={t(promoted ? "run.promoted" : "run.finished")}
      >
        <Stack gap="xs" align="start">
          {decisionText(run.decision)}
          <FailedPairs verdict={run.decision?.must_pass} />
          <Group gap="xs">
            <Button
              component={Link}
              to={`/projects/${project}/models/${run.reward_model}`}
              size="xs"
            >
              {t("run.toModel")}
            </Button>
            <Button
              component={Link}
              to={`/projects/${project}/playground`}
              size="xs"
              variant="default"
            >
              {t("run.toPlayground")}
            </Button>
          </Group>
        </Stack>
      </Alert>
    );
  }
  if (run.error) {
    return (
      <Alert color="red" icon={<IconAlertTriangle />} title={t("run.failed")} role="alert">
        <Stack gap="xs" align="start">
          <Text size="sm">{run.error.message}</Text>
          <Text size="sm">
            {t(`run.advice.${ADVICE.has(run.error.code) ? run.error.code : "other"}`)}
          </Text>
          <Button
            component={Link}
            to={`/projects/${project}/models?retrain=1`}
            size="xs"
            variant="default"
          >
            {t("run.again")}
          </Button>
        </Stack>
      </Alert>
    );
  }
  return null;
}

export function RunPage() {
  const { t } = useTranslation(["training", "charts"]);
  const formats = useFormats();
  const project = useProject();
  const { runId = "" } = useParams();
  const labelsText = useLabelsText();
  const client = useQueryClient();
  const query = useRun(project.id, runId);
  const run = query.data;
  const live = run ? isLive(run.status) : null;
  const before = useRef(live);
  useEffect(() => {
    if (before.current && live === false) {
      void client.invalidateQueries({ queryKey: projectKey(project.id) });
    }
    before.current = live;
  }, [live, client, project.id]);
  if (query.isPending) return <Loading lines={8} />;
  if (!run) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const seconds =
    run.started_at && run.finished_at
      ? (Date.parse(run.finished_at) - Date.parse(run.started_at)) / 1000
      : null;
  return (
    <Page>
      <Breadcrumbs>
        <Anchor component={Link} to={`/projects/${project.id}/models`}>
          {t("title")}
        </Anchor>
        <span>{t("run.title")}</span>
      </Breadcrumbs>
      <Group gap="sm">
        <Title order={1}>
          {t("runs.name", {
            kind: t(`kindLong.${run.model.kind}`),
            at: formats.moment(run.created_at),
          })}
        </Title>
        <RunBadge status={run.status} />
      </Group>
      <Card withBorder>
        <Stack gap="sm">
          <Text fw={600}>{labelsText(run.labels)}</Text>
          {run.labels.simulated > 0 && (
            <Group gap={4} wrap="nowrap">
              <IconFlask size={16} aria-hidden="true" />
              <Text size="sm" c="var(--quiet)">
                {t("labels.simulatedNote")}
              </Text>
            </Group>
          )}
          {live && <Live run={run} canCancel={project.role === "admin"} />}
          <Outcome run={run} project={project.id} />
          <Text size="sm" c="var(--quiet)">
            {t(`run.trigger.${run.trigger}`)}
            {run.created_by && ` · ${run.created_by}`}
            {" · "}
            <RelativeTime at={run.created_at} />
            {seconds !== null && ` · ${t("run.took", { span: formats.seconds(seconds) })}`}
            {run.attempt > 1 && ` · ${t("run.attempt", { attempt: run.attempt })}`}
          </Text>
        </Stack>
      </Card>
      {run.curve && run.curve.length > 1 && (
        <Card withBorder>
          <LossCurves curve={run.curve} />
        </Card>
      )}
      <Card withBorder>
        <Title order={2} size="h4" mb="xs">
          {t("run.log")}
        </Title>
        <RunLog log={run.log ?? ""} />
      </Card>
      <Card withBorder>
        <RecipeTable
          recipe={{ model: run.model, evaluation: run.evaluation, seed: run.seed }}
          data={run.data}
        />
      </Card>
    </Page>
  );
}
