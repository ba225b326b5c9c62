import { Badge, Button, Card, Group, Stack, Text } from "@mantine/core";
import { IconGavel, IconMessage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProject } from "../api/projects";
import type { ReviewRow } from "../api/types";
import { useFormats } from "../charts/format";
import { answerText } from "../data/AnswerText";
import { KIND_WORDS } from "../kinds";
import { letterOf } from "../label/answers";
import { FormError } from "../shared/FormError";
import { type Reason, useRelease } from "./use-review";

/** What people said, most frequent first, with the outputs as the letters that the item's page gives them. */
function Votes({ row }: { row: ReviewRow }) {
  const { t } = useTranslation(["review", "data", ...KIND_WORDS]);
  const { questions } = useProject();
  const nameOf = (id: string) => letterOf(row.completions.indexOf(id));
  const title = (name: string) => questions.find((one) => one.name === name)?.title || name;
  return row.votes.map((vote) => (
    <Group key={vote.question} gap={8} align="baseline">
      <Text size="xs" c="var(--quiet)">
        {title(vote.question)}
      </Text>
      {vote.answers.map(({ answer, count }) => (
        <Text key={JSON.stringify(answer)} size="sm" style={{ overflowWrap: "anywhere" }}>
          {t("row.vote", { count, answer: answerText(answer, nameOf, t) })}
        </Text>
      ))}
      {vote.different > vote.answers.length && (
        <Text size="sm" c="var(--quiet)">
          {t("row.more", { count: vote.different - vote.answers.length })}
        </Text>
      )}
    </Group>
  ));
}

function Marks({ row }: { row: ReviewRow }) {
  const { t } = useTranslation("review");
  const formats = useFormats();
  return (
    <Group gap={8}>
      {row.reasons.map((reason) => (
        <Badge key={reason} size="sm" variant="outline" color="gray" tt="none">
          {t(`reason.${reason}`)}
        </Badge>
      ))}
      {row.decided && (
        <Badge size="sm" variant="light" tt="none" leftSection={<IconGavel size={12} />}>
          {t("row.decided")}
        </Badge>
      )}
      {row.unread_remarks > 0 && (
        <Badge size="sm" color="red" tt="none" leftSection={<IconMessage size={12} />}>
          {t("row.unread", { count: row.unread_remarks })}
        </Badge>
      )}
      <Text size="xs" c="var(--quiet)">
        {[
          t("row.judgments", { count: row.judgments }),
          row.set_aside > 0 && t("row.setAside", { count: row.set_aside }),
          row.disagreement !== null &&
            row.disagreement > 0 &&
            t("row.disagreement", { share: formats.percent(row.disagreement) }),
        ]
          .filter((part) => part !== false)
          .join(" · ")}
      </Text>
    </Group>
  );
}

/** Items that wait for review, each with what there is to know before opening it. */
export function ReviewRows({
  project,
  reason,
  rows,
}: {
  project: string;
  reason: Reason;
  rows: readonly ReviewRow[];
}) {
  const { t } = useTranslation("review");
  const release = useRelease(project);
  return (
    <>
      <FormError error={release.error} />
      <Stack component="ul" gap="xs" p={0} m={0}>
        {rows.map((row) => (
          <Card key={row.item} withBorder padding="sm" component="li">
            <Group justify="space-between" align="start" gap="xs">
              <Stack gap={6} flex="1 1 240px" miw={0}>
                <Text size="sm" fw={600} lineClamp={2} style={{ overflowWrap: "anywhere" }}>
                  {row.prompt.excerpt || row.prompt.external_id}
                </Text>
                <Marks row={row} />
                <Votes row={row} />
                {row.notes.map((note) => (
                  <Group key={note.annotator} gap={8} wrap="nowrap" align="start">
                    <Badge variant="default" size="sm" tt="none" style={{ flexShrink: 0 }}>
                      {t(`status.${note.status}`)}
                    </Badge>
                    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
                      {note.reason
                        ? t("row.note", { name: note.annotator, reason: note.reason })
                        : t("row.noteBare", { name: note.annotator })}
                    </Text>
                  </Group>
                ))}
              </Stack>
              <Group gap="xs">
                {row.parked_at && (
                  <Button
                    size="xs"
                    variant="default"
                    onClick={() => release.mutate(row.item)}
                    loading={release.isPending && release.variables === row.item}
                  >
                    {t("row.release")}
                  </Button>
                )}
                <Button
                  size="xs"
                  component={Link}
                  to={`${row.item}?reason=${reason}`}
                  aria-label={`${t("row.open")}: ${row.prompt.excerpt || row.prompt.external_id}`}
                >
                  {t("row.open")}
                </Button>
              </Group>
            </Group>
          </Card>
        ))}
      </Stack>
    </>
  );
}
