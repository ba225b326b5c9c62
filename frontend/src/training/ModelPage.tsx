import {
  Anchor,
  Breadcrumbs,
  Button,
  Card,
  Group,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { IconDownload, IconFileDescription } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { apiUrl } from "../api/http";
import { useProject } from "../api/projects";
import type { TrainingRun } from "../api/types";
import { known, useFormats } from "../charts/format";
import { MustPassCard } from "../must-pass/MustPassCard";
import { Page } from "../shared/Page";
import { ErrorState, Loading } from "../shared/States";
import { BestOfCard } from "./BestOfCard";
import { BesideChart } from "./ChampionCard";
import { Confusion } from "./Confusion";
import { FigureGroup } from "./FigureGroup";
import { ForecastCard } from "./ForecastCard";
import { GlobalViewCard } from "./GlobalViewCard";
import { HackabilityCard } from "./HackabilityCard";
import { LabelCurve } from "./LabelCurve";
import { StatusBadge } from "./ModelBadges";
import { PromoteButton } from "./PromoteButton";
import { HistoryCard, SnapshotCard, SplitCard } from "./Provenance";
import { ReadinessCard } from "./ReadinessCard";
import { RecipeTable } from "./RecipeTable";
import { Reliability } from "./Reliability";
import { ScaleCard } from "./ScaleCard";
import { SecondLookCard } from "./SecondLookCard";
import { SlicesTable } from "./SlicesTable";
import { SourcesCard } from "./SourcesCard";
import { TopFeatures } from "./TopFeatures";
import type { FullEvaluation, Model } from "./types";
import { useModel, useModels, usePromotions } from "./use-training";
import { useModelDecisionText } from "./words";

const SHARES = [0, 0.25, 0.5, 0.75, 1];

function Figures({ evaluation }: { evaluation: FullEvaluation }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const { pairs, outputs, calibration, longer_rate: longer } = evaluation;
  const three = pairs.three_way;
  const named =
    (group: string) => (key: string, figure: FullEvaluation["pairs"]["accuracy"] | undefined) => ({
      key,
      label: t(`figure.${group}.${key}.name`),
      note: t(`figure.${group}.${key}.hint`),
      figure,
    });
  const pair = named("pairs");
  const output = named("outputs");
  const calibrated = named("calibration");
  const target =
    outputs.target === "won_more"
      ? t("outputs.wonMore")
      : outputs.target === "rating"
        ? t("outputs.rating")
        : outputs.target
          ? t("outputs.question", { name: outputs.target })
          : undefined;
  const rate = (who: "model" | "people") => ({
    value: longer[who],
    interval: longer.intervals?.[who] ?? null,
    n: longer.n,
    reason: longer.reason,
  });
  const recall = known(outputs.recall);
  const precision = known(outputs.precision);
  return (
    <>
      <FigureGroup
        title={t("figure.pairs.title")}
        sentence={t("figure.pairs.sentence")}
        style="percent"
        fixed={SHARES}
        guides={[0.5]}
        figures={[
          pair("accuracy", pairs.accuracy),
          pair("accuracy_by_judgment", pairs.accuracy_by_judgment),
          pair("length_balanced_accuracy", pairs.length_balanced_accuracy),
          pair("top_1", pairs.top_1),
          ...(three
            ? [
                pair("three_way_accuracy", three.accuracy),
                pair("macro_precision", three.macro_precision),
                pair("macro_recall", three.macro_recall),
                pair("macro_f1", three.macro_f1),
              ]
            : []),
          { ...pair("longer_model", rate("model")), figure: rate("model") },
          { ...pair("longer_people", rate("people")), figure: rate("people") },
        ]}
      />
      <FigureGroup
        title={t("figure.outputs.title")}
        sentence={[
          target,
          recall && precision
            ? t("figure.outputs.sentence", {
                recall: formats.percent(recall.value),
                precision: formats.percent(precision.value),
              })
            : null,
        ]
          .filter(Boolean)
          .join(" ")}
        style="percent"
        fixed={SHARES}
        figures={[
          output("precision", outputs.precision),
          output("recall", outputs.recall),
          output("f1", outputs.f1),
          output("constant_f1", outputs.constant_f1),
          output("auc", outputs.auc),
          output("mcc", outputs.mcc),
        ]}
      />
      <FigureGroup
        title={t("figure.calibration.title")}
        sentence={t("figure.calibration.sentence")}
        style="number"
        guides={[0, 1]}
        figures={[
          calibrated("slope", calibration.slope),
          calibrated("brier", calibration.brier),
          calibrated("log_loss", pairs.log_loss),
          calibrated("ece", calibration.ece),
          ...(evaluation.uncertainty
            ? [calibrated("error_auc", evaluation.uncertainty.error_auc)]
            : []),
        ]}
      />
    </>
  );
}

function Heading({ model }: { model: Model }) {
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

export function ModelPage() {
  const { t } = useTranslation(["training", "charts", "global-view"]);
  const project = useProject();
  const { modelId = "" } = useParams();
  const query = useModel(project.id, modelId);
  const promotions = usePromotions(project.id);
  if (query.isPending) return <Loading lines={8} />;
  if (!query.data) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const model = query.data;
  const { evaluation } = model;
  const own = (promotions.data ?? []).filter((promotion) => promotion.model === model.id);
  const { evaluation: scheme, model: options, data, seed } = model.recipe;
  return (
    <Page>
      <Breadcrumbs>
        <Anchor component={Link} to={`/projects/${project.id}/models`}>
          {t("title")}
        </Anchor>
        <span>{t("versionShort", { version: model.version })}</span>
      </Breadcrumbs>
      <Heading model={model} />
      <Card withBorder>
        <BesideChart model={model} order={2} />
      </Card>
      {evaluation.readiness && <ReadinessCard readiness={evaluation.readiness} />}
      <Figures evaluation={evaluation} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {evaluation.reliability && evaluation.reliability.length > 0 && (
          <Reliability bins={evaluation.reliability} />
        )}
        <LabelCurve curve={evaluation.curve} />
        {evaluation.forecast && <ForecastCard forecast={evaluation.forecast} />}
        {evaluation.best_of_n && <BestOfCard points={evaluation.best_of_n} />}
        {evaluation.confusion && (
          <Confusion title={t("confusion.pairs")} matrix={evaluation.confusion} />
        )}
        {evaluation.outputs_confusion && (
          <Confusion title={t("confusion.outputs")} matrix={evaluation.outputs_confusion} />
        )}
      </SimpleGrid>
      <MustPassCard model={model.id} />
      {evaluation.hackability && <HackabilityCard attacks={evaluation.hackability} />}
      {evaluation.global_view && <GlobalViewCard view={evaluation.global_view} />}
      {model.top_features && model.top_features.length > 0 && (
        <TopFeatures features={model.top_features} />
      )}
      {evaluation.slices.length > 0 && <SlicesTable slices={evaluation.slices} />}
      {evaluation.sources && <SourcesCard found={evaluation.sources} />}
      {evaluation.second_look && <SecondLookCard model={model} counts={evaluation.second_look} />}
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <SplitCard split={evaluation.split} asked={(scheme as Record<string, unknown>).scheme} />
        <SnapshotCard model={model} />
        <ScaleCard scale={model.scale} />
      </SimpleGrid>
      <HistoryCard promotions={own} />
      <Card withBorder>
        <RecipeTable
          recipe={{
            model: options as Record<string, unknown>,
            evaluation: scheme as Record<string, unknown>,
            seed: seed as number,
          }}
          data={data as TrainingRun["data"]}
        />
      </Card>
    </Page>
  );
}
