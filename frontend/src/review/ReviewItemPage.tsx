import { Badge, Button, Group, Stack, Switch, Text, Title, VisuallyHidden } from "@mantine/core";
import { IconArrowLeft, IconCheck, IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { useProject } from "../api/projects";
import { useUser } from "../api/session";
import type { Project, QueueItem, ReviewItem } from "../api/types";
import { useFormats } from "../charts/format";
import { letterOf } from "../label/answers";
import { KeyHint } from "../label/KeyHint";
import { KeyOverlay } from "../label/KeyOverlay";
import type { Binding } from "../label/keymap";
import { KeyTableProvider } from "../label/keys";
import { Outputs } from "../label/Outputs";
import { OutputMarksProvider } from "../label/output-marks";
import { bind } from "../label/page-keys";
import { useReadingDesk } from "../label/reading/useReadingDesk";
import { useOwnKeys } from "../label/useOwnKeys";
import { FormError } from "../shared/FormError";
import { preloadMarkdown } from "../shared/Markdown";
import { Page } from "../shared/Page";
import { Section } from "../shared/Section";
import { ErrorState, Loading } from "../shared/States";
import { Adjudicate } from "./Adjudicate";
import { JudgmentList } from "./JudgmentList";
import { REVIEW_KEYS } from "./review-keys";
import { type Flow, useFlow } from "./use-flow";
import { isReason, usePrefetchItem, useReviewDone, useReviewItem } from "./use-review";
import { Verdicts } from "./Verdicts";

/** The item as the labelling page shows its tasks. */
const asTask = (item: ReviewItem): QueueItem => ({
  lease: "",
  item: item.item,
  expires_at: "",
  prompt: item.prompt,
  completions: item.completions.map(({ id, text, source }) => ({
    id,
    text,
    ...(source ? { source } : {}),
  })),
  shown: item.shown,
  position: null,
});

/** Where one is in the list, and the way on. */
function FlowBar({ flow, onGo }: { flow: Flow; onGo: (item: string | null) => void }) {
  const { t } = useTranslation("review");
  return (
    <Group gap="xs">
      <Button
        component={Link}
        to={`..?reason=${flow.reason}`}
        relative="path"
        size="xs"
        variant="subtle"
        leftSection={<IconArrowLeft size={14} />}
      >
        {t("item.back")}
      </Button>
      {flow.place !== null && (
        <Text size="sm" c="var(--quiet)">
          {t(flow.more ? "item.placeMore" : "item.place", {
            place: flow.place + 1,
            count: flow.count,
          })}
        </Text>
      )}
      <Group gap={4} ml="auto">
        <Button
          size="xs"
          variant="default"
          leftSection={<IconChevronLeft size={14} />}
          rightSection={<KeyHint of={REVIEW_KEYS.previous} />}
          disabled={flow.previous === null}
          onClick={() => onGo(flow.previous)}
        >
          {t("item.previous")}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<KeyHint of={REVIEW_KEYS.next} />}
          rightSection={<IconChevronRight size={14} />}
          disabled={flow.next === null && !flow.more}
          onClick={() => onGo(flow.next)}
        >
          {t("item.next")}
        </Button>
      </Group>
    </Group>
  );
}

function Head({ item }: { item: ReviewItem }) {
  const { t } = useTranslation("review");
  const formats = useFormats();
  return (
    <Group gap={8}>
      {item.reasons.map((reason) => (
        <Badge key={reason} variant="outline" color="gray" tt="none">
          {t(`reason.${reason}`)}
        </Badge>
      ))}
      {item.is_gold && (
        <Badge variant="light" tt="none">
          {t("item.gold")}
        </Badge>
      )}
      {item.disagreement !== null && (
        <Text size="sm" c="var(--quiet)">
          {t("item.disagreement", { share: formats.percent(item.disagreement) })}
        </Text>
      )}
      <Text size="xs" c="var(--quiet)" ff="monospace" truncate maw="40ch">
        {item.prompt.external_id}
      </Text>
    </Group>
  );
}

function Desk({
  project,
  item,
  flow,
  sources,
  onSources,
  onGo,
}: {
  project: Project;
  item: ReviewItem;
  flow: Flow;
  sources: boolean;
  onSources: (on: boolean) => void;
  onGo: (item: string | null) => void;
}) {
  const { t } = useTranslation("review");
  const user = useUser();
  const done = useReviewDone(project.id);
  const [keysOpen, setKeysOpen] = useState(false);
  const reading = useReadingDesk(user.id, project.id, {
    key: item.item,
    count: item.shown.length,
  });
  const task = useMemo(() => asTask(item), [item]);
  const nameOf = (id: string) => {
    const place = item.shown.indexOf(id);
    return place < 0 ? id : letterOf(place);
  };
  const tick = () => done.mutate({ item: item.item, done: item.reviewed_at === null });
  const bindings: Binding[] = [
    { ...REVIEW_KEYS.next, run: () => onGo(flow.next) },
    { ...REVIEW_KEYS.previous, run: () => onGo(flow.previous) },
    { ...REVIEW_KEYS.done, run: tick },
    { ...REVIEW_KEYS.sources, run: () => onSources(!sources) },
    bind("keys", () => setKeysOpen((on) => !on)),
    ...reading.bindings,
  ];
  return (
    <OutputMarksProvider>
      <Group justify="space-between">
        <Head item={item} />
        <Group gap="md">
          <Switch
            size="xs"
            checked={sources}
            onChange={(event) => onSources(event.currentTarget.checked)}
            label={t("item.sources")}
            description={project.blind && !sources ? t("item.sourcesHint") : undefined}
          />
          <Button
            size="xs"
            variant={item.reviewed_at === null ? "default" : "light"}
            leftSection={item.reviewed_at === null ? undefined : <IconCheck size={14} />}
            onClick={tick}
            loading={done.isPending}
            rightSection={<KeyHint of={REVIEW_KEYS.done} />}
            aria-pressed={item.reviewed_at !== null}
          >
            {t(item.reviewed_at === null ? "item.done" : "item.reviewed")}
          </Button>
        </Group>
      </Group>
      <FormError error={done.error} />
      <div>
        <Outputs current={task} next={[]} desk={reading} />
        <Adjudicate key={item.item} project={project} item={item} pageBindings={bindings} />
      </div>
      <Section title={t("item.answers")}>
        <Verdicts item={item} nameOf={nameOf} />
      </Section>
      <Section title={t("item.judgments")}>
        <JudgmentList item={item} nameOf={nameOf} />
      </Section>
      <KeyOverlay opened={keysOpen} onClose={() => setKeysOpen(false)} />
    </OutputMarksProvider>
  );
}

function Loaded({ project, id }: { project: Project; id: string }) {
  const { t } = useTranslation("review");
  const navigate = useNavigate();
  const [parameters] = useSearchParams();
  const asked = parameters.get("reason");
  const flow = useFlow(project.id, id, isReason(asked) ? asked : "all");
  const [sources, setSources] = useState(!project.blind);
  const [end, setEnd] = useState(false);
  const item = useReviewItem(project.id, id, sources);
  usePrefetchItem(project.id, flow.next, sources);
  useEffect(() => {
    void preloadMarkdown();
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another item starts at the top
  useEffect(() => {
    setEnd(false);
    window.scrollTo({ top: 0 });
  }, [id]);
  const go = (next: string | null) => {
    if (next === null) setEnd(true);
    else navigate(`../${next}?reason=${flow.reason}`, { relative: "path" });
  };
  let body = <Loading lines={10} />;
  if (item.data) {
    body = (
      <Desk
        project={project}
        item={item.data}
        flow={flow}
        sources={sources}
        onSources={setSources}
        onGo={go}
      />
    );
  } else if (item.isError) {
    body = <ErrorState error={item.error} onRetry={item.refetch} />;
  }
  return (
    <Page width={1600}>
      <VisuallyHidden>
        <Title order={1}>{t("title")}</Title>
      </VisuallyHidden>
      <FlowBar flow={flow} onGo={go} />
      <Text size="sm" role="status" hidden={!end}>
        {end ? t("item.end") : ""}
      </Text>
      <Stack gap="md">{body}</Stack>
    </Page>
  );
}

/** One item: what was shown, what everybody said about it, and the reviewer's decision. */
export function ReviewItemPage() {
  const project = useProject();
  const { itemId = "" } = useParams();
  const { own } = useOwnKeys();
  return (
    <KeyTableProvider own={own}>
      <Loaded project={project} id={itemId} />
    </KeyTableProvider>
  );
}
