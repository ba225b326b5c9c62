import { Alert, Button, Group, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { IconFlask } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useProject } from "../api/projects";
import { Page } from "../shared/Page";
import { Empty, ErrorState, Loading } from "../shared/States";
import { AnnotatorsCard } from "./AnnotatorsCard";
import { JudgesCard } from "./JudgesCard";
import { QuestionCard } from "./QuestionCard";
import { KIND_FILTERS, type KindFilter } from "./types";
import { useAgreement } from "./use-agreement";

const isFilter = (value: string | null): value is KindFilter =>
  KIND_FILTERS.some((one) => one === value);

export function AgreementPage() {
  const { t } = useTranslation(["agreement", "charts"]);
  const project = useProject();
  const [parameters, setParameters] = useSearchParams();
  const wanted = parameters.get("kind");
  // A demo project's labels are simulated; "people" would show an empty page there.
  const kind: KindFilter = isFilter(wanted) ? wanted : project.is_demo ? "all" : "human";
  const agreement = useAgreement(project.id, kind);
  const data = agreement.data;
  const simulated = data?.annotators.some((one) => one.kind === "simulated") ?? false;
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
      {agreement.isPending && <Loading lines={8} />}
      {agreement.isError && <ErrorState error={agreement.error} onRetry={agreement.refetch} />}
      {simulated && (
        <Alert color="orange" variant="light" icon={<IconFlask />}>
          {t("simulated")}
        </Alert>
      )}
      {data && data.judgments === 0 && data.judges.length === 0 && (
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
      {data && (data.judgments > 0 || data.judges.length > 0) && (
        <Stack gap="md" aria-busy={agreement.isPlaceholderData}>
          {data.judgments > 0 && (
            <>
              <Text size="sm" c="var(--quiet)">
                {t("based", { count: data.judgments })}
              </Text>
              {data.questions.map((question) => (
                <QuestionCard key={question.name} question={question} kind={kind} />
              ))}
              <AnnotatorsCard annotators={data.annotators} />
            </>
          )}
          <JudgesCard judges={data.judges} />
        </Stack>
      )}
    </Page>
  );
}
