import { Badge, Code, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { Judgment, PromptDetail } from "../api/types";
import { PinButton } from "../must-pass/PinButton";
import { Conversation } from "../shared/Conversation";
import { Markdown } from "../shared/Markdown";
import { RelativeTime } from "../shared/RelativeTime";
import { ErrorState, Loading } from "../shared/States";
import { AnswerList } from "./AnswerText";
import { usePrompt } from "./prompts";

function JudgmentEntry({
  judgment,
  nameOf,
}: {
  judgment: Judgment;
  nameOf: (completion: string) => string;
}) {
  const { t, i18n } = useTranslation("data");
  const project = useProject();
  const seconds = judgment.active_ms === null ? null : judgment.active_ms / 1000;
  const marks = [
    judgment.status !== "submitted" && t(`judgmentStatus.${judgment.status}`),
    judgment.superseded && t("prompt.superseded"),
    judgment.surplus && t("prompt.surplus"),
  ].filter((mark) => mark !== false);
  return (
    <Paper component="li" withBorder p="xs" style={{ opacity: judgment.superseded ? 0.7 : 1 }}>
      <Stack gap={4}>
        <Group gap="xs">
          <Text size="sm" fw={500}>
            {judgment.annotator}
          </Text>
          <Text size="xs" c="var(--quiet)">
            {t(`annotatorKind.${judgment.annotator_kind}`)} ·{" "}
            <RelativeTime at={judgment.submitted_at} />
            {seconds !== null &&
              ` · ${t("prompt.seconds", {
                n: seconds.toLocaleString(i18n.resolvedLanguage, { maximumFractionDigits: 1 }),
              })}`}
          </Text>
          {marks.map((mark) => (
            <Badge key={mark} size="sm" variant="outline" color="gray" tt="none">
              {mark}
            </Badge>
          ))}
          <Group gap={4} ml="auto">
            <PinButton judgment={judgment} />
          </Group>
        </Group>
        <AnswerList answers={judgment.answers} questions={project.questions} nameOf={nameOf} />
        {judgment.reason && <Text size="sm">{judgment.reason}</Text>}
        {judgment.shown.length > 1 && (
          <Text size="xs" c="var(--quiet)">
            {t("prompt.shown", { order: judgment.shown.map(nameOf).join(", ") })}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

function Details({ prompt }: { prompt: PromptDetail }) {
  const { t } = useTranslation("data");
  const lang = prompt.language || undefined;
  const nameOf = (id: string) => {
    const place = prompt.completions.findIndex((completion) => completion.id === id);
    return place < 0 ? id : t("preview.output", { number: place + 1 });
  };
  return (
    <Stack gap="md">
      <Group gap="xs">
        {prompt.group && (
          <Text size="sm" c="var(--quiet)" lineClamp={1} title={prompt.group}>
            {t("preview.group", { group: prompt.group })}
          </Text>
        )}
        {prompt.language && (
          <Badge variant="light" color="gray" size="sm">
            {prompt.language}
          </Badge>
        )}
      </Group>
      <Conversation messages={prompt.messages} lang={lang} />
      <Title order={3} size="h5">
        {t("prompt.outputs", { count: prompt.completions.length })}
      </Title>
      {prompt.completions.map((completion) => (
        <Paper key={completion.id} withBorder p="sm">
          <Text size="xs" mb={4}>
            <strong>{nameOf(completion.id)}</strong>{" "}
            <Text span size="xs" c="var(--quiet)">
              {completion.source || t("prompt.noSource")}
              {completion.external_id && completion.external_id !== completion.source && (
                <>
                  {" · "}
                  {completion.external_id}
                </>
              )}
            </Text>
          </Text>
          <Markdown lang={lang}>{completion.text}</Markdown>
        </Paper>
      ))}
      <Title order={3} size="h5">
        {t("prompt.judgments", { count: prompt.judgments.length })}
      </Title>
      {prompt.judgments.length === 0 && (
        <Text size="sm" c="var(--quiet)">
          {t("prompt.noJudgments")}
        </Text>
      )}
      <Stack component="ol" gap="xs" m={0} p={0} style={{ listStyle: "none" }}>
        {prompt.judgments.map((judgment) => (
          <JudgmentEntry key={judgment.uuid} judgment={judgment} nameOf={nameOf} />
        ))}
      </Stack>
      {Object.keys(prompt.metadata).length > 0 && (
        <>
          <Title order={3} size="h5">
            {t("prompt.metadata")}
          </Title>
          <Code block style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {JSON.stringify(prompt.metadata, null, 2)}
          </Code>
        </>
      )}
    </Stack>
  );
}

/** One prompt with its outputs, where they are from, and what was said about them. */
export function PromptDetails({ id }: { id: string }) {
  const project = useProject();
  const prompt = usePrompt(project.id, id);
  if (prompt.isPending) return <Loading lines={8} />;
  if (!prompt.data) return <ErrorState error={prompt.error} onRetry={prompt.refetch} />;
  return <Details prompt={prompt.data} />;
}
