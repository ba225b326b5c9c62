import { Anchor, Button, SegmentedControl, Stack, Text, Title } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { useProject } from "../api/projects";
import type { ReviewSummary } from "../api/types";
import { useFormats } from "../charts/format";
import { useThreads } from "../remarks/use-remarks";
import { Page } from "../shared/Page";
import { RelativeTime } from "../shared/RelativeTime";
import { Section } from "../shared/Section";
import { Empty, ErrorState, Loading } from "../shared/States";
import { DecisionsCard } from "./DecisionsCard";
import { ReviewRows } from "./ReviewRows";
import {
  countKey,
  isReason,
  REASONS,
  type Reason,
  rowsOf,
  useReviewList,
  useReviewSummary,
} from "./use-review";

/** Which items to look at: one reason, or all of them. */
function Reasons({
  reason,
  summary,
  onReason,
}: {
  reason: Reason;
  summary: ReviewSummary | undefined;
  onReason: (reason: Reason) => void;
}) {
  const { t } = useTranslation("review");
  const formats = useFormats();
  const narrow = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false });
  const label = (one: Reason) => {
    const count = one === "all" ? undefined : summary?.counts[countKey(one)];
    return count === undefined
      ? t(`reason.${one}`)
      : `${t(`reason.${one}`)} (${formats.count(count)})`;
  };
  return (
    <SegmentedControl
      aria-label={t("reasons")}
      orientation={narrow ? "vertical" : "horizontal"}
      fullWidth={narrow}
      value={reason}
      onChange={(value) => isReason(value) && onReason(value)}
      data={REASONS.map((one) => ({ value: one, label: label(one) }))}
      style={{ alignSelf: narrow ? "stretch" : "start" }}
    />
  );
}

/** What annotators wrote back, which nobody has read yet. */
function UnreadThreads({ project, count }: { project: string; count: number }) {
  const { t } = useTranslation("review");
  const threads = useThreads(project);
  const unread = threads.data?.results.filter((thread) => thread.unread > 0) ?? [];
  if (count === 0 || unread.length === 0) return null;
  return (
    <Section title={t("threads.title")} hint={t("threads.hint", { count })}>
      <Stack component="ul" gap={4} m={0} p={0} style={{ listStyle: "none" }}>
        {unread.map((thread) => (
          <li key={`${thread.item} ${thread.annotator.id}`}>
            <Anchor component={Link} to={thread.item} size="sm">
              {thread.annotator.name}: {thread.last.text.slice(0, 120)}
            </Anchor>{" "}
            <Text span size="xs" c="var(--quiet)">
              <RelativeTime at={thread.last.created_at} />
            </Text>
          </li>
        ))}
      </Stack>
    </Section>
  );
}

function Waiting({ project, reason }: { project: string; reason: Reason }) {
  const { t } = useTranslation(["review", "common"]);
  const list = useReviewList(project, reason);
  const rows = rowsOf(list.data);
  if (list.isPending) return <Loading lines={8} />;
  if (list.isError) return <ErrorState error={list.error} onRetry={list.refetch} />;
  if (rows.length === 0) return <Empty title={t("empty.title")} hint={t("empty.hint")} />;
  return (
    <Stack gap="sm">
      <ReviewRows project={project} reason={reason} rows={rows} />
      {list.hasNextPage && (
        <Button
          variant="default"
          onClick={() => list.fetchNextPage()}
          loading={list.isFetchingNextPage}
          style={{ alignSelf: "start" }}
        >
          {t("common:action.more")}
        </Button>
      )}
    </Stack>
  );
}

/** Items on which somebody should decide, and how far annotators agree with what was decided. */
export function ReviewPage() {
  const { t } = useTranslation("review");
  const project = useProject();
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get("reason");
  const reason = isReason(asked) ? asked : "all";
  const summary = useReviewSummary(project.id);
  return (
    <Page>
      <Stack gap={4}>
        <Title order={1}>{t("title")}</Title>
        <Text c="var(--quiet)">{t("intro")}</Text>
      </Stack>
      {summary.data && <UnreadThreads project={project.id} count={summary.data.unread_remarks} />}
      <Reasons
        reason={reason}
        summary={summary.data}
        onReason={(next) => setParameters({ reason: next }, { replace: true })}
      />
      <Text size="sm" c="var(--quiet)">
        {t(`reasonHint.${reason}`)}
      </Text>
      <Waiting project={project.id} reason={reason} />
      {summary.isError ? (
        <ErrorState error={summary.error} onRetry={summary.refetch} />
      ) : (
        summary.data && <DecisionsCard project={project.id} summary={summary.data} />
      )}
    </Page>
  );
}
