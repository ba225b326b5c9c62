import { Badge, Button, Code, Collapse, Group, List, Paper, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { Revision } from "../api/types";
import { KIND_WORDS, wordsOf } from "../kinds";
import { Markdown } from "../shared/Markdown";
import { RelativeTime } from "../shared/RelativeTime";
import { Section } from "../shared/Section";
import { ErrorState, Loading } from "../shared/States";
import classes from "./history.module.css";
import { useRevisions } from "./project";
import { diffLines, isReordered, type QuestionChange, questionChanges } from "./revision-diff";

function Change({ change }: { change: QuestionChange }) {
  const { t } = useTranslation("settings");
  const { title, name } = change.question;
  return (
    <List.Item>
      {t(`history.${change.kind}`, { title: title || name })}
      {change.kind === "changed" &&
        change.fields.map((field) => (
          <Text key={field.name} size="sm">
            {t(`history.field.${field.name}`, { defaultValue: field.name })}:{" "}
            <del className={classes.removed}>{field.from}</del>{" "}
            <ins className={classes.added}>{field.to}</ins>
          </Text>
        ))}
    </List.Item>
  );
}

/** What this revision changed; the first one made everything. */
function Changes({ before, after }: { before: Revision | undefined; after: Revision }) {
  const { t } = useTranslation("settings");
  if (!before) return <Text size="sm">{t("history.first")}</Text>;
  const changes = questionChanges(before.questions, after.questions);
  const reordered = isReordered(before, after);
  const rewritten = before.guidelines !== after.guidelines;
  return (
    <Stack gap="xs">
      {(changes.length > 0 || reordered) && (
        <List size="sm">
          {changes.map((change) => (
            <Change key={`${change.kind} ${change.question.name}`} change={change} />
          ))}
          {reordered && <List.Item>{t("history.reordered")}</List.Item>}
        </List>
      )}
      {rewritten && (
        <div>
          <Text size="sm">{t("history.guidelines")}</Text>
          <pre className={classes.diff}>
            {diffLines(before.guidelines, after.guidelines).map((line, position) => (
              <span
                // biome-ignore lint/suspicious/noArrayIndexKey: lines of a fixed text
                key={position}
                className={classes[line.kind]}
              >
                {{ same: "  ", added: "+ ", removed: "− " }[line.kind]}
                {line.text}
                {"\n"}
              </span>
            ))}
          </pre>
        </div>
      )}
    </Stack>
  );
}

function RevisionCard({
  revision,
  before,
  current,
}: {
  revision: Revision;
  before: Revision | undefined;
  current: boolean;
}) {
  const { t } = useTranslation(["settings", ...KIND_WORDS]);
  const [open, { toggle }] = useDisclosure(false);
  return (
    <Paper component="li" withBorder p="sm" style={{ listStyle: "none" }}>
      <Stack gap="xs">
        <Group gap="xs">
          <Text fw={600}>{t("history.revision", { number: revision.number })}</Text>
          {current && (
            <Badge variant="light" size="sm">
              {t("history.current")}
            </Badge>
          )}
          <Text size="sm" c="var(--quiet)">
            {revision.author ?? t("history.nobody")} · <RelativeTime at={revision.created_at} />
          </Text>
        </Group>
        <Changes before={before} after={revision} />
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={toggle}
          aria-expanded={open}
          style={{ alignSelf: "start" }}
        >
          {t(open ? "history.hide" : "history.show")}
        </Button>
        <Collapse expanded={open}>
          <Stack gap="sm">
            {revision.questions.map((question) => (
              <div key={question.name}>
                <Text size="sm" fw={500}>
                  {question.title} <Code>{question.name}</Code>{" "}
                  <Text span size="sm" c="var(--quiet)">
                    {t(`${wordsOf(question.kind)}:title`)}
                  </Text>
                </Text>
                {question.description && <Text size="sm">{question.description}</Text>}
              </div>
            ))}
            {revision.guidelines && <Markdown>{revision.guidelines}</Markdown>}
          </Stack>
        </Collapse>
      </Stack>
    </Paper>
  );
}

export function HistoryTab() {
  const { t } = useTranslation("settings");
  const project = useProject();
  const revisions = useRevisions(project.id);
  return (
    <Section title={t("tab.history")} hint={t("history.hint")}>
      {revisions.isPending && <Loading />}
      {revisions.isError && <ErrorState error={revisions.error} onRetry={revisions.refetch} />}
      {revisions.data && (
        <Stack component="ol" gap="sm" m={0} p={0}>
          {revisions.data.map((revision, index) => (
            <RevisionCard
              key={revision.number}
              revision={revision}
              before={revisions.data[index + 1]}
              current={index === 0}
            />
          ))}
        </Stack>
      )}
    </Section>
  );
}
