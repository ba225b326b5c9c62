import { Anchor, Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconDownload, IconFileDescription } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { apiUrl } from "../api/http";
import { useProject } from "../api/projects";
import { known, useFormats } from "../charts/format";
import { StatusBadge } from "./ModelBadges";
import { PromoteButton } from "./PromoteButton";
import type { Model } from "./types";
import { useModels } from "./use-training";
import { useModelDecisionText } from "./words";

/** What a version is, why it serves or does not, and what can be done with it. */
export function ModelHeading({ model }: { model: Model }) {
  const { t } = useTranslation(["training", "card"]);
  const formats = useFormats();
  const project = useProject();
  const decisionText = useModelDecisionText();
  const models = useModels(project.id);
  const champion = models.data?.find((one) => one.status === "champion");
  const since = known(model.since_promotion);
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Group gap="sm">
          <Title order={1}>
            {t("versionKind", { version: model.version, kind: t(`kind.${model.kind}`) })}
          </Title>
          <StatusBadge status={model.status} />
        </Group>
        <Group gap="xs">
          {project.role === "admin" && model.status !== "champion" && (
            <PromoteButton model={model} champion={champion} />
          )}
          <Button
            component={Link}
            to={`/projects/${project.id}/models/${model.id}/card`}
            size="xs"
            variant="default"
            leftSection={<IconFileDescription size={14} />}
          >
            {t("card:title")}
          </Button>
          <Button
            component="a"
            href={apiUrl(`/reward-models/${model.id}/artifact/`, { format: "native" })}
            download
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
          >
            {t("download", { size: formats.bytes(model.size_bytes) })}
          </Button>
        </Group>
      </Group>
      <Text>{decisionText(model)}</Text>
      {since && (
        <Text size="sm">
          {t("since", {
            share: formats.percent(since.value, 1),
            n: formats.count(model.since_promotion?.n ?? 0),
          })}
        </Text>
      )}
      <Text size="sm" c="var(--quiet)">
        {formats.moment(model.created_at)}
        {" · "}
        <Anchor component={Link} to={`/projects/${project.id}/runs/${model.run}`} size="sm">
          {t("run.title")}
        </Anchor>
      </Text>
    </Stack>
  );
}
