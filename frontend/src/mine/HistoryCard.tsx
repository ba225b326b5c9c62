import { Badge, Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProject } from "../api/projects";
import type { JudgmentStatus } from "../api/types";
import { AnswerList } from "../data/AnswerText";
import { letterOf } from "../label/answers";
import { RelativeTime } from "../shared/RelativeTime";
import { Section } from "../shared/Section";
import { Empty, ErrorState, Loading } from "../shared/States";
import classes from "./mine.module.css";
import type { OwnJudgment } from "./types";
import { useOwnJudgments } from "./use-mine";

const TYPING_MS = 300;
const STATUSES = ["", "submitted", "skipped", "flagged"] as const;

function HistoryRow({ judgment }: { judgment: OwnJudgment }) {
  const { t } = useTranslation("mine");
  const project = useProject();
  const nameOf = (completion: string) => {
    const place = judgment.shown.indexOf(completion);
    return place < 0 ? "?" : t("output", { letter: letterOf(place) });
  };
  return (
    <li className={classes.row}>
      <Group justify="space-between" align="start" wrap="nowrap">
        <Stack gap={4} style={{ minWidth: 0 }}>
          <Text
            size="sm"
            lineClamp={2}
            lang={judgment.language || undefined}
            style={{ overflowWrap: "anywhere" }}
          >
            {judgment.excerpt || t("noText")}
          </Text>
          <Group gap="xs">
            <Text size="xs" c="var(--quiet)">
              <RelativeTime at={judgment.submitted_at} />
            </Text>
            {judgment.status !== "submitted" && (
              <Badge variant="default" size="sm" tt="none" fw={500}>
                {t(`status.${judgment.status}`)}
              </Badge>
            )}
          </Group>
          <AnswerList answers={judgment.answers} questions={project.questions} nameOf={nameOf} />
          {judgment.reason && (
            <Text size="sm" style={{ overflowWrap: "anywhere" }}>
              {t("reason", { reason: judgment.reason })}
            </Text>
          )}
          {judgment.set_aside && (
            <Text size="sm" fw={500}>
              {t(judgment.set_aside.reason ? "setAsideBecause" : "setAside", {
                reason: judgment.set_aside.reason,
              })}
            </Text>
          )}
        </Stack>
        <Button
          component={Link}
          to={`../label?judgment=${judgment.uuid}`}
          relative="path"
          size="xs"
          variant="default"
          aria-label={t("editOf", { prompt: judgment.excerpt.slice(0, 60) })}
          style={{ flexShrink: 0 }}
        >
          {t("edit")}
        </Button>
      </Group>
    </li>
  );
}

/** One's own labels, newest first, to be found and changed. */
export function HistoryCard() {
  const { t } = useTranslation("mine");
  const project = useProject();
  const [typed, setTyped] = useState("");
  const [status, setStatus] = useState<JudgmentStatus | "">("");
  const [text] = useDebouncedValue(typed.trim(), TYPING_MS);
  const found = useOwnJudgments(project.id, text, status);
  const rows = found.data?.pages.flatMap((page) => page.results) ?? [];
  const searching = text !== "" || status !== "";
  return (
    <Section title={t("history.title")} hint={t("history.hint")}>
      <Group align="end">
        <TextInput
          type="search"
          label={t("history.search")}
          placeholder={t("history.searchHint")}
          leftSection={<IconSearch size={16} />}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          maxLength={200}
          flex="1 1 240px"
          maw={480}
        />
        <NativeSelect
          label={t("history.status")}
          value={status}
          onChange={(event) => setStatus(event.currentTarget.value as JudgmentStatus | "")}
          data={STATUSES.map((value) => ({ value, label: t(`filter.${value || "all"}`) }))}
        />
      </Group>
      {found.isPending && <Loading lines={6} />}
      {found.isError && <ErrorState error={found.error} onRetry={found.refetch} />}
      {found.isSuccess && rows.length === 0 && !found.hasNextPage && (
        <Empty
          title={t(searching ? "history.nothingFound" : "history.empty")}
          hint={t(searching ? "history.nothingFoundHint" : "history.emptyHint")}
          action={
            !searching && (
              <Button component={Link} to="../label" relative="path">
                {t("history.begin")}
              </Button>
            )
          }
        />
      )}
      {rows.length > 0 && (
        <ul className={classes.rows}>
          {rows.map((judgment) => (
            <HistoryRow key={judgment.uuid} judgment={judgment} />
          ))}
        </ul>
      )}
      {found.hasNextPage && (
        <Button
          variant="default"
          onClick={() => found.fetchNextPage()}
          loading={found.isFetchingNextPage}
          style={{ alignSelf: "start" }}
        >
          {t(text ? "history.searchOn" : "common:action.more")}
        </Button>
      )}
    </Section>
  );
}
