import { Anchor, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProject } from "../api/projects";
import { useFormats } from "../charts/format";
import { FigureValue } from "../shared/FigureValue";
import { RelativeTime } from "../shared/RelativeTime";
import { StatusBadge } from "./ModelBadges";
import { PromoteButton } from "./PromoteButton";
import type { Model } from "./types";
import { useModelDecisionText } from "./words";

/** Every version with the sentence that says why it serves or not. */
export function VersionList({ models }: { models: Model[] }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const project = useProject();
  const decisionText = useModelDecisionText();
  const champion = models.find((model) => model.status === "champion");
  return (
    <Card withBorder>
      <Title order={2} size="h4" mb="sm">
        {t("list.title")}
      </Title>
      <Stack component="ol" gap={0} p={0} m={0} style={{ listStyle: "none" }}>
        {models.map((model) => (
          <Group
            component="li"
            key={model.id}
            justify="space-between"
            align="start"
            gap="md"
            py="xs"
            style={{ borderTop: "1px solid var(--rule)" }}
          >
            <Stack gap={4} style={{ flex: "1 1 320px", minWidth: 0 }}>
              <Group gap="xs">
                <Anchor component={Link} to={`/projects/${project.id}/models/${model.id}`} fw={600}>
                  {t("versionKind", { version: model.version, kind: t(`kind.${model.kind}`) })}
                </Anchor>
                <StatusBadge status={model.status} />
                <Text size="sm" c="var(--quiet)">
                  {t("labelsShort", {
                    count: model.snapshot.judgments,
                    text: formats.count(model.snapshot.judgments),
                  })}
                  {" · "}
                  <RelativeTime at={model.created_at} />
                </Text>
              </Group>
              <Text size="sm">{decisionText(model)}</Text>
            </Stack>
            <Group gap="md" wrap="nowrap" align="start">
              <FigureValue figure={model.evaluation.pairs.accuracy} style="percent" />
              {project.role === "admin" && model.status !== "champion" && (
                <PromoteButton model={model} champion={champion} />
              )}
            </Group>
          </Group>
        ))}
      </Stack>
    </Card>
  );
}
