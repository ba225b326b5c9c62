import { Button, Card, Group, Progress, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProgress } from "../api/progress";
import { useProject } from "../api/projects";
import type { Progress as Figures, Project } from "../api/types";
import { ChartFrame } from "../charts/ChartFrame";
import { DataTable } from "../charts/DataTable";
import { DayBars, filledDays } from "../charts/DayBars";
import { useFormats } from "../charts/format";
import { KindBadge } from "../charts/KindBadge";
import { Page } from "../shared/Page";
import { RelativeTime } from "../shared/RelativeTime";
import { ErrorState, Loading } from "../shared/States";
import { FirstSteps } from "./FirstSteps";

const KINDS = ["human", "simulated", "model", "adjudicated"] as const;
/** The server's words for why no end can be told. */
const REASONS: [RegExp, string][] = [
  [/^Nothing is left/, "nothingLeft"],
  [/^Nobody has labelled/, "nobody"],
  [/^The labelling began/, "tooEarly"],
  [/thousands of years/, "never"],
];

function Done({ figures }: { figures: Figures }) {
  const { t } = useTranslation("progress");
  const formats = useFormats();
  const { items, fully_labelled: full, labelled, remaining_places: left } = figures;
  const begun = Math.max(labelled - full, 0);
  const share = (count: number) => (items ? (count / items) * 100 : 0);
  const reason = REASONS.find(([words]) => words.test(figures.estimated_end_reason ?? ""))?.[1];
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Text size="lg" fw={600}>
          {t("done.sentence", {
            full: formats.count(full),
            items: formats.count(items),
            overlap: t("done.overlap", { count: figures.overlap }),
            share: formats.percent(items ? full / items : 0),
          })}
        </Text>
        <Progress.Root size={20} aria-label={t("done.bar")}>
          <Progress.Section
            value={share(full)}
            color="var(--chart-main)"
            aria-label={t("done.full")}
          />
          <Progress.Section
            value={share(begun)}
            color="var(--chart-main)"
            striped
            style={{ opacity: 0.55 }}
            aria-label={t("done.begun")}
          />
        </Progress.Root>
        <Group gap="lg">
          {(
            [
              ["full", full],
              ["begun", begun],
              ["untouched", Math.max(items - labelled, 0)],
              ["left", left],
            ] as const
          ).map(([key, count]) => (
            <Text key={key} size="sm">
              <strong>{formats.count(count)}</strong> {t(`done.${key}`)}
            </Text>
          ))}
        </Group>
        <Text size="sm" c="var(--quiet)">
          {figures.estimated_end
            ? t("done.end", { at: formats.moment(figures.estimated_end) })
            : reason
              ? t(`done.reason.${reason}`)
              : figures.estimated_end_reason}
        </Text>
      </Stack>
    </Card>
  );
}

function Kinds({ figures }: { figures: Figures }) {
  const { t } = useTranslation("progress");
  const formats = useFormats();
  const simulated = figures.by_kind.simulated ?? 0;
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Text size="lg" fw={600}>
          {t("kinds.sentence", {
            count: figures.judgments,
            text: formats.count(figures.judgments),
          })}
        </Text>
        <Group gap="xs">
          {KINDS.map((kind) => (
            <KindBadge key={kind} kind={kind} count={formats.count(figures.by_kind[kind] ?? 0)} />
          ))}
        </Group>
        <Text size="sm" c="var(--quiet)">
          {simulated > 0 ? t("kinds.simulated") : t("kinds.counted")}
        </Text>
        <Group gap="lg">
          {(["skipped", "flagged", "parked", "surplus"] as const).map((key) => (
            <Text key={key} size="sm">
              <strong>{formats.count(figures[key])}</strong> {t(`kinds.${key}`)}
            </Text>
          ))}
        </Group>
      </Stack>
    </Card>
  );
}

function Days({ figures }: { figures: Figures }) {
  const { t } = useTranslation("progress");
  const formats = useFormats();
  const days = figures.per_day.map(({ day, judgments }) => ({ day, count: judgments }));
  const last = days[days.length - 1];
  return (
    <Card withBorder>
      <ChartFrame
        order={2}
        title={t("days.title")}
        sentence={
          last &&
          t("days.sentence", {
            count: last.count,
            text: formats.count(last.count),
            day: formats.day(last.day),
          })
        }
        columns={[
          { key: "day", title: t("days.day") },
          { key: "count", title: t("days.labels"), numeric: true },
        ]}
        rows={filledDays(days).map(({ day, count }) => ({
          key: day,
          cells: [day, formats.count(count)],
        }))}
        note={t("days.note")}
      >
        <DayBars days={days} name={t("days.labels")} label={t("days.title")} />
      </ChartFrame>
    </Card>
  );
}

function People({ figures }: { figures: Figures }) {
  const { t } = useTranslation("progress");
  const formats = useFormats();
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Title order={2} size="h4">
          {t("people.title")}
        </Title>
        <DataTable
          caption={t("people.title")}
          columns={[
            { key: "name", title: t("people.name") },
            { key: "kind", title: t("people.kind") },
            { key: "labels", title: t("people.labels"), numeric: true },
            { key: "skipped", title: t("people.skipped"), numeric: true },
            { key: "time", title: t("people.time"), numeric: true },
            { key: "last", title: t("people.last"), numeric: true },
          ]}
          rows={figures.per_annotator.map((one) => ({
            key: `${one.kind} ${one.name}`,
            cells: [
              one.name,
              <KindBadge key="kind" kind={one.kind} />,
              formats.count(one.judgments),
              formats.count(one.skipped),
              one.median_active_ms === null ? "–" : formats.seconds(one.median_active_ms / 1000),
              one.last_at ? <RelativeTime key="last" at={one.last_at} /> : "–",
            ],
          }))}
        />
      </Stack>
    </Card>
  );
}

/** Where to look at what people could not do. */
function Waiting({ project, figures }: { project: Project; figures: Figures }) {
  const { t } = useTranslation("progress");
  const formats = useFormats();
  if (figures.parked + figures.flagged === 0) return null;
  return (
    <Card withBorder>
      <Group justify="space-between" gap="xs">
        <Stack gap={0}>
          <Title order={2} size="h4">
            {t("waiting.title")}
          </Title>
          <Text size="sm" c="var(--quiet)">
            {t("waiting.sentence", {
              parked: formats.count(figures.parked),
              flagged: formats.count(figures.flagged),
            })}
          </Text>
        </Stack>
        <Button component={Link} to={`/projects/${project.id}/review`} size="xs" variant="default">
          {t("waiting.open")}
        </Button>
      </Group>
    </Card>
  );
}

export function OverviewPage() {
  const { t } = useTranslation("progress");
  const project = useProject();
  const progress = useProgress(project.id);
  if (progress.isPending) return <Loading lines={8} />;
  if (progress.isError) return <ErrorState error={progress.error} onRetry={progress.refetch} />;
  const figures = progress.data;
  const isNew =
    figures.items === 0 || (figures.judgments === 0 && figures.per_annotator.length === 0);
  return (
    <Page>
      <Group justify="space-between">
        <Title order={1}>{t("title")}</Title>
        {!isNew && (
          <Group gap="xs">
            <Button component={Link} to={`/projects/${project.id}/label`} size="xs">
              {t("next.label")}
            </Button>
            <Button
              component={Link}
              to={`/projects/${project.id}/agreement`}
              size="xs"
              variant="default"
            >
              {t("next.agreement")}
            </Button>
            <Button
              component={Link}
              to={`/projects/${project.id}/models`}
              size="xs"
              variant="default"
            >
              {t("next.models")}
            </Button>
          </Group>
        )}
      </Group>
      {isNew ? (
        <FirstSteps project={project} />
      ) : (
        <>
          <SimpleGrid cols={{ base: 1, md: 2 }}>
            <Done figures={figures} />
            <Kinds figures={figures} />
          </SimpleGrid>
          {figures.per_day.length > 0 && <Days figures={figures} />}
          <People figures={figures} />
          <Waiting project={project} figures={figures} />
        </>
      )}
    </Page>
  );
}
