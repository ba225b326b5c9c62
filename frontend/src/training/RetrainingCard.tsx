import { Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import type { Project, Retraining } from "../api/types";
import { useFormats } from "../charts/format";
import { RelativeTime } from "../shared/RelativeTime";
import { ErrorState, Loading } from "../shared/States";
import { RetrainingDialog } from "./RetrainingDialog";
import { useRetraining } from "./use-training";

/** When the project retrains by itself, and what it waits for now, in words. */
export function RetrainingCard({ project }: { project: Project }) {
  const { t } = useTranslation("training");
  const [open, { open: show, close }] = useDisclosure(false);
  const retraining = useRetraining(project.id);
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Group justify="space-between">
          <Title order={2} size="h4">
            {t("policy.title")}
          </Title>
          {project.role === "admin" && retraining.data && (
            <Button size="xs" variant="default" onClick={show}>
              {t("policy.change")}
            </Button>
          )}
        </Group>
        {retraining.isPending && <Loading lines={3} />}
        {retraining.isError && <ErrorState error={retraining.error} onRetry={retraining.refetch} />}
        {retraining.data && <Words policy={retraining.data} />}
      </Stack>
      {open && retraining.data && (
        <RetrainingDialog project={project} policy={retraining.data} onClose={close} />
      )}
    </Card>
  );
}

function Words({ policy }: { policy: Retraining }) {
  const { t } = useTranslation(["training", "charts"]);
  const formats = useFormats();
  const { state } = policy;
  const kinds = (policy.data.annotator_kinds ?? ["human"])
    .map((kind) => t(`charts:kind.${kind}`))
    .join(t("labels.comma"));
  const rule: string[] = [];
  if (policy.enabled) {
    rule.push(
      policy.every_labels
        ? t("policy.everyLabels", { count: policy.every_labels })
        : t("policy.automatic", { n: formats.count(state.needed_labels) }),
    );
    if (policy.every_minutes)
      rule.push(t("policy.everyMinutes", { span: formats.seconds(policy.every_minutes * 60) }));
    rule.push(t("policy.quiet", { span: formats.seconds(policy.quiet_seconds) }));
    rule.push(t(`policy.promotion.${policy.promotion}`));
    rule.push(t("policy.kinds", { kinds }));
  }
  return (
    <>
      <Text size="sm" fw={600}>
        {state.blocked_by === null
          ? t("policy.state.due")
          : t(`policy.state.${state.blocked_by}`, {
              fresh: formats.count(state.fresh_labels),
              needed: formats.count(state.needed_labels),
            })}
      </Text>
      <Text size="sm">
        {t("policy.fresh", { count: state.fresh_labels, text: formats.count(state.fresh_labels) })}
      </Text>
      {rule.length > 0 && (
        <Text component="ul" size="sm" m={0} ps="md">
          {rule.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </Text>
      )}
      <Text size="xs" c="var(--quiet)">
        {t("policy.lastSnapshot")} <RelativeTime at={state.last_snapshot_at} />
        {" · "}
        {t("policy.lastLabel")} <RelativeTime at={state.last_label_at} />
        {state.next_check_at && policy.enabled && (
          <>
            {" · "}
            {t("policy.next")} <RelativeTime at={state.next_check_at} />
          </>
        )}
      </Text>
    </>
  );
}
