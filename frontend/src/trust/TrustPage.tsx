import { Alert, Button, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { KIND_FILTERS, type KindFilter } from "../agreement/types";
import { useProject } from "../api/projects";
import { useFormats } from "../charts/format";
import { Page } from "../shared/Page";
import { Empty, ErrorState, Loading } from "../shared/States";
import { GoldSection } from "./GoldSection";
import { HabitsSection } from "./HabitsSection";
import { ModelSection } from "./ModelSection";
import { RepeatsSection } from "./RepeatsSection";
import { useAnnotatorModels, useBias, useRepeats } from "./use-trust";

const isFilter = (value: string | null): value is KindFilter =>
  KIND_FILTERS.some((one) => one === value);

/** How far each annotator can be trusted, and by what that is known. */
export function TrustPage() {
  const { t } = useTranslation(["trust", "charts"]);
  const formats = useFormats();
  const project = useProject();
  const [parameters, setParameters] = useSearchParams();
  const wanted = parameters.get("kind");
  // A demo project's labels are simulated; "people" would show an empty page there.
  const kind: KindFilter = isFilter(wanted) ? wanted : project.is_demo ? "all" : "human";
  const models = useAnnotatorModels(project.id, kind);
  const bias = useBias(project.id, kind);
  const repeats = useRepeats(project.id, kind);
  const data = models.data;
  const simulated = bias.data?.annotators.some((one) => one.kind === "simulated") ?? false;
  return (
    <Page>
      <Group justify="space-between">
        <Title order={1}>{t("title")}</Title>
        <SegmentedControl
          size="xs"
          aria-label={t("filter.label")}
          value={kind}
          onChange={(value) => setParameters({ kind: value }, { replace: true })}
          data={KIND_FILTERS.map((value) => ({ value, label: t(`filter.${value}`) }))}
        />
      </Group>
      <Stack gap="md" aria-busy={models.isPlaceholderData}>
        {simulated && (
          <Alert color="orange" variant="light" icon={<IconFlask />}>
            {t("simulated")}
          </Alert>
        )}
        {models.isPending && <Loading lines={8} />}
        {models.isError && <ErrorState error={models.error} onRetry={models.refetch} />}
        {data && data.judgments === 0 && (
          <Empty
            title={t(`empty.${kind}`)}
            hint={t("empty.hint")}
            action={
              <Button component={Link} to={`/projects/${project.id}/label`}>
                {t("empty.action")}
              </Button>
            }
          />
        )}
        {data && data.judgments > 0 && (
          <>
            <Text size="sm" c="var(--quiet)">
              {t(data.judgments < data.judgments_total ? "basedNewest" : "based", {
                count: data.judgments,
                total: formats.count(data.judgments_total),
              })}
            </Text>
            {data.questions
              .filter((question) => question.reason !== "no_model")
              .map((question) => (
                <ModelSection key={question.name} question={question} />
              ))}
          </>
        )}
        {bias.isPending && <Loading lines={6} />}
        {bias.isError && <ErrorState error={bias.error} onRetry={bias.refetch} />}
        {bias.data && bias.data.judgments > 0 && <HabitsSection bias={bias.data} />}
        {repeats.isError && <ErrorState error={repeats.error} onRetry={repeats.refetch} />}
        {repeats.data && repeats.data.judgments > 0 && <RepeatsSection repeats={repeats.data} />}
        <GoldSection project={project.id} />
      </Stack>
    </Page>
  );
}
