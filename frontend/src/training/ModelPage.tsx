import { Anchor, Breadcrumbs, Card, SimpleGrid, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { useProject } from "../api/projects";
import type { Promotion, TrainingRun } from "../api/types";
import { MustPassCard } from "../must-pass/MustPassCard";
import { Page } from "../shared/Page";
import { ErrorState, Loading } from "../shared/States";
import { BestOfCard } from "./BestOfCard";
import { BesideChart } from "./ChampionCard";
import { Confusion } from "./Confusion";
import { CriteriaCard } from "./CriteriaCard";
import { Findings } from "./Findings";
import { ForecastCard } from "./ForecastCard";
import { GlobalViewCard } from "./GlobalViewCard";
import { HackabilityCard } from "./HackabilityCard";
import { type Chapter, Indexed } from "./Indexed";
import { LabelCurve } from "./LabelCurve";
import { LikelihoodCard } from "./LikelihoodCard";
import { ModelFigures } from "./ModelFigures";
import { ModelHeading } from "./ModelHeading";
import { HistoryCard, SnapshotCard, SplitCard } from "./Provenance";
import { ReadinessCard } from "./ReadinessCard";
import { RecipeTable } from "./RecipeTable";
import { Reliability } from "./Reliability";
import { ScaleCard } from "./ScaleCard";
import { SecondLookCard } from "./SecondLookCard";
import { SlicesTable } from "./SlicesTable";
import { SourcesCard } from "./SourcesCard";
import { TopFeatures } from "./TopFeatures";
import type { Model } from "./types";
import { useCard } from "./use-card";
import { useModel, usePromotions } from "./use-training";

/** What to know first, as the card says it. */
function InShort({ model }: { model: Model }) {
  const { t } = useTranslation("card");
  const project = useProject();
  const card = useCard(project.id, model.id);
  const { readiness } = model.evaluation;
  return (
    <>
      <Card withBorder>
        {card.isPending && <Loading lines={4} />}
        {card.isError && <ErrorState error={card.error} onRetry={card.refetch} />}
        {card.data?.findings.length === 0 && <Text size="sm">{t("findings.none")}</Text>}
        {card.data && <Findings findings={card.data.findings} />}
      </Card>
      <Card withBorder>
        <BesideChart model={model} order={3} />
      </Card>
      {readiness && <ReadinessCard readiness={readiness} />}
    </>
  );
}

function FiguresChapter({ model }: { model: Model }) {
  const { t } = useTranslation("training");
  const { evaluation } = model;
  return (
    <>
      <ModelFigures evaluation={evaluation} />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {evaluation.reliability && evaluation.reliability.length > 0 && (
          <Reliability bins={evaluation.reliability} />
        )}
        {evaluation.best_of_n && <BestOfCard points={evaluation.best_of_n} />}
        <LabelCurve curve={evaluation.curve} />
        {evaluation.forecast && <ForecastCard forecast={evaluation.forecast} />}
        {evaluation.confusion && (
          <Confusion title={t("confusion.pairs")} matrix={evaluation.confusion} />
        )}
        {evaluation.outputs_confusion && (
          <Confusion title={t("confusion.outputs")} matrix={evaluation.outputs_confusion} />
        )}
      </SimpleGrid>
    </>
  );
}

/** The chapters of a version that has something to say in each. */
function useChapters(model: Model, promotions: readonly Promotion[]): Chapter[] {
  const { t } = useTranslation("model-page");
  const { evaluation } = model;
  const { evaluation: scheme, model: options, data, seed } = model.recipe;
  const { likelihood, criteria } = evaluation;
  const read = likelihood?.labels;
  const compared = !!read && read.comparisons + read.rankings + read.best_worst > 0;
  const weak = (
    <>
      <MustPassCard model={model.id} order={3} />
      {evaluation.hackability && <HackabilityCard attacks={evaluation.hackability} />}
      {evaluation.slices.length > 0 && <SlicesTable slices={evaluation.slices} />}
      {evaluation.sources && <SourcesCard found={evaluation.sources} />}
      {evaluation.second_look && <SecondLookCard model={model} counts={evaluation.second_look} />}
    </>
  );
  const explained = evaluation.global_view || (model.top_features?.length ?? 0) > 0;
  return [
    { id: "in-short", title: t("chapter.short"), content: <InShort model={model} /> },
    { id: "figures", title: t("chapter.figures"), content: <FiguresChapter model={model} /> },
    {
      id: "learned",
      title: t("chapter.learned"),
      content: (
        <>
          {likelihood && Object.keys(likelihood).length > 0 && (
            <LikelihoodCard likelihood={likelihood} />
          )}
          {criteria && criteria.length > 0 && (
            <CriteriaCard criteria={criteria} compared={compared} />
          )}
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <SplitCard
              split={evaluation.split}
              asked={(scheme as Record<string, unknown>).scheme}
            />
            <SnapshotCard model={model} />
          </SimpleGrid>
        </>
      ),
    },
    { id: "weak-spots", title: t("chapter.weak"), content: weak },
    ...(explained
      ? [
          {
            id: "explanations",
            title: t("chapter.explained"),
            content: (
              <>
                {evaluation.global_view && <GlobalViewCard view={evaluation.global_view} />}
                {model.top_features && model.top_features.length > 0 && (
                  <TopFeatures features={model.top_features} />
                )}
              </>
            ),
          },
        ]
      : []),
    {
      id: "service",
      title: t("chapter.service"),
      content: (
        <>
          <HistoryCard promotions={[...promotions]} order={3} />
          <ScaleCard scale={model.scale} />
        </>
      ),
    },
    {
      id: "configuration",
      title: t("chapter.configuration"),
      content: (
        <Card withBorder>
          <Stack gap="sm">
            <RecipeTable
              order={3}
              recipe={{
                model: options as Record<string, unknown>,
                evaluation: scheme as Record<string, unknown>,
                seed: seed as number,
              }}
              data={data as TrainingRun["data"]}
            />
          </Stack>
        </Card>
      ),
    },
  ];
}

function Version({ model }: { model: Model }) {
  const { t } = useTranslation(["model-page", "training"]);
  const project = useProject();
  const promotions = usePromotions(project.id);
  const own = (promotions.data ?? []).filter((promotion) => promotion.model === model.id);
  return (
    <Page>
      <Breadcrumbs>
        <Anchor component={Link} to={`/projects/${project.id}/models`}>
          {t("training:title")}
        </Anchor>
        <span>{t("training:versionShort", { version: model.version })}</span>
      </Breadcrumbs>
      <ModelHeading model={model} />
      <Indexed label={t("index")} chapters={useChapters(model, own)} />
    </Page>
  );
}

export function ModelPage() {
  // The words of all that stands here, so that the page comes as a whole.
  useTranslation(["training", "charts", "global-view", "model-page", "card", "rules"]);
  const project = useProject();
  const { modelId = "" } = useParams();
  const query = useModel(project.id, modelId);
  if (query.isPending) return <Loading lines={8} />;
  if (!query.data) return <ErrorState error={query.error} onRetry={query.refetch} />;
  return <Version key={query.data.id} model={query.data} />;
}
