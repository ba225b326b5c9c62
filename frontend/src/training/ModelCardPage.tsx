import { Anchor, Breadcrumbs, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { IconDownload, IconPrinter } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { apiUrl } from "../api/http";
import { useProject } from "../api/projects";
import type { TrainingRun } from "../api/types";
import { useFormats } from "../charts/format";
import { Page } from "../shared/Page";
import { ErrorState, Loading } from "../shared/States";
import { PackagesSection, ScaleSection } from "./CardMaking";
import {
  AgreementSection,
  AttackSection,
  BaselineSection,
  DataSection,
  FiguresSection,
  FindingsSection,
  PartsSection,
  WeaknessSection,
} from "./CardSections";
import type { ModelCard } from "./card-types";
import { StatusBadge } from "./ModelBadges";
import { HistoryCard } from "./Provenance";
import { RecipeTable } from "./RecipeTable";
import { useCard } from "./use-card";
import { useModelDecisionText } from "./words";

function Heading({ card }: { card: ModelCard }) {
  const { t } = useTranslation(["card", "training"]);
  const formats = useFormats();
  const decisionText = useModelDecisionText();
  const { data } = card;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Group gap="sm">
          <Title order={1}>
            {t("heading", { version: card.version, kind: t(`training:kind.${card.kind}`) })}
          </Title>
          <StatusBadge status={card.status} />
        </Group>
        <Group gap="xs" data-print="no">
          <Button
            size="xs"
            variant="default"
            leftSection={<IconPrinter size={14} />}
            onClick={() => window.print()}
          >
            {t("print")}
          </Button>
          <Button
            component="a"
            href={apiUrl(`/reward-models/${card.model}/card/`, { file: "md" })}
            download
            title={t("fileHint")}
            size="xs"
            variant="default"
            leftSection={<IconDownload size={14} />}
          >
            {t("file")}
          </Button>
        </Group>
      </Group>
      <Text style={{ overflowWrap: "anywhere" }}>{card.project}</Text>
      <Text size="sm" maw="80ch">
        {t("lead", {
          labels: formats.count(data.labels),
          prompts: formats.count(data.prompts),
          annotators: formats.count(data.annotators),
          at: formats.moment(data.frozen_at),
        })}
      </Text>
      <Text size="sm" maw="80ch">
        {decisionText(card)}
      </Text>
    </Stack>
  );
}

/** What a version is, what it learned from, how good it is and what speaks against it: one page to print. */
export function ModelCardPage() {
  const { t } = useTranslation(["card", "training", "charts"]);
  const project = useProject();
  const { modelId = "" } = useParams();
  const query = useCard(project.id, modelId);
  if (query.isPending) return <Loading lines={12} />;
  if (!query.data) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const card = query.data;
  const { model, evaluation, data, seed } = card.recipe;
  return (
    <Page width={900}>
      <Breadcrumbs data-print="no">
        <Anchor component={Link} to={`/projects/${project.id}/models`}>
          {t("training:title")}
        </Anchor>
        <Anchor component={Link} to={`/projects/${project.id}/models/${card.model}`}>
          {t("training:versionShort", { version: card.version })}
        </Anchor>
        <span>{t("title")}</span>
      </Breadcrumbs>
      <Heading card={card} />
      <FindingsSection card={card} />
      <WeaknessSection card={card} />
      <FiguresSection card={card} />
      <BaselineSection card={card} />
      <AgreementSection card={card} />
      <PartsSection card={card} />
      <AttackSection card={card} />
      <DataSection card={card} />
      <HistoryCard promotions={card.served} />
      <ScaleSection card={card} />
      <Card withBorder>
        <RecipeTable
          recipe={{
            model: model as Record<string, unknown>,
            evaluation: evaluation as Record<string, unknown>,
            seed: seed as number,
          }}
          data={data as TrainingRun["data"]}
        />
      </Card>
      <PackagesSection card={card} />
    </Page>
  );
}
