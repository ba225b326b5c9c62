import { Badge, Button, Collapse, Drawer, Group, Paper, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconMessage } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { Judgment, ReviewItem } from "../api/types";
import { KindBadge } from "../charts/KindBadge";
import { AnswerList } from "../data/AnswerText";
import { PinButton } from "../must-pass/PinButton";
import { RemarkThread } from "../remarks/RemarkThread";
import { RelativeTime } from "../shared/RelativeTime";
import { SetAsideButton } from "./SetAsideButton";

type NameOf = (completion: string) => string;
type Person = ReviewItem["annotators"][number];

function Entry({
  judgment,
  person,
  nameOf,
  onTalk,
}: {
  judgment: Judgment;
  person: Person | undefined;
  nameOf: NameOf;
  onTalk: (person: Person) => void;
}) {
  const { t, i18n } = useTranslation(["review", "remarks"]);
  const { questions } = useProject();
  const { set_aside: aside } = judgment;
  const seconds = judgment.active_ms === null ? null : judgment.active_ms / 1000;
  const marks = [
    judgment.status !== "submitted" && t(`status.${judgment.status}`),
    judgment.purpose !== "work" && t(`judgment.purpose.${judgment.purpose}`),
    judgment.superseded && t("judgment.superseded"),
    aside !== null && t("judgment.setAside"),
    aside === null && judgment.surplus && judgment.purpose !== "repeat" && t("judgment.surplus"),
  ].filter((mark) => mark !== false);
  const faded = judgment.superseded || aside !== null;
  return (
    <Paper component="li" withBorder p="xs" data-faded={faded || undefined}>
      <Stack gap={4}>
        <Group gap="xs">
          <Text size="sm" fw={600}>
            {judgment.annotator}
          </Text>
          <KindBadge kind={judgment.annotator_kind} />
          <Text size="xs" c="var(--quiet)">
            <RelativeTime at={judgment.submitted_at} />
            {seconds !== null &&
              ` · ${t("judgment.seconds", {
                n: seconds.toLocaleString(i18n.resolvedLanguage, { maximumFractionDigits: 1 }),
              })}`}
          </Text>
          {marks.map((mark) => (
            <Badge key={mark} size="sm" variant="outline" color="gray" tt="none">
              {mark}
            </Badge>
          ))}
          <Group gap={4} ml="auto">
            {person?.has_account && (
              <Button
                size="compact-xs"
                variant={person.unread > 0 ? "filled" : "default"}
                leftSection={<IconMessage size={12} />}
                onClick={() => onTalk(person)}
                aria-label={`${t("remarks:thread", { name: person.name })}`}
              >
                {person.unread > 0
                  ? t("remarks:unread", { count: person.unread })
                  : person.remarks > 0
                    ? t("remarks:count", { count: person.remarks })
                    : t("remarks:button")}
              </Button>
            )}
            <PinButton judgment={judgment} />
            {!judgment.superseded && <SetAsideButton judgment={judgment} />}
          </Group>
        </Group>
        <AnswerList answers={judgment.answers} questions={questions} nameOf={nameOf} />
        {judgment.reason && (
          <Text size="sm">{t("judgment.reason", { reason: judgment.reason })}</Text>
        )}
        {judgment.shown.length > 1 && (
          <Text size="xs" c="var(--quiet)">
            {t("judgment.shown", { order: judgment.shown.map(nameOf).join(", ") })}
          </Text>
        )}
        {aside && (
          <Text size="sm">
            {t("judgment.setAsideBy", {
              name: aside.by ?? t("judgment.somebody"),
              at: new Date(aside.at).toLocaleString(i18n.resolvedLanguage),
              reason: aside.reason,
            })}
          </Text>
        )}
      </Stack>
    </Paper>
  );
}

/** Every judgment of an item, the superseded ones folded away, with the thread with each annotator. */
export function JudgmentList({ item, nameOf }: { item: ReviewItem; nameOf: NameOf }) {
  const { t } = useTranslation(["review", "remarks"]);
  const project = useProject();
  const [folded, { toggle }] = useDisclosure(true);
  const [talking, setTalking] = useState<Person | null>(null);
  const people = new Map(item.annotators.map((person) => [person.name, person]));
  const current = item.judgments.filter((judgment) => !judgment.superseded);
  const earlier = item.judgments.filter((judgment) => judgment.superseded);
  const list = (judgments: Judgment[]) => (
    <Stack component="ol" gap="xs" m={0} p={0} style={{ listStyle: "none" }}>
      {judgments.map((judgment) => (
        <Entry
          key={judgment.uuid}
          judgment={judgment}
          person={people.get(judgment.annotator)}
          nameOf={nameOf}
          onTalk={setTalking}
        />
      ))}
    </Stack>
  );
  return (
    <Stack gap="xs">
      {list(current)}
      {earlier.length > 0 && (
        <>
          <Button
            size="compact-sm"
            variant="subtle"
            onClick={toggle}
            aria-expanded={!folded}
            style={{ alignSelf: "start" }}
          >
            {t("item.superseded", { count: earlier.length })}
          </Button>
          <Collapse expanded={!folded}>{list(earlier)}</Collapse>
        </>
      )}
      <Drawer
        opened={talking !== null}
        onClose={() => setTalking(null)}
        position="right"
        title={talking && t("remarks:thread", { name: talking.name })}
        closeButtonProps={{ "aria-label": t("common:action.close") }}
      >
        {talking && (
          <RemarkThread
            key={talking.id}
            place={{ project: project.id, item: item.item, annotator: talking.id }}
            name={talking.name}
          />
        )}
      </Drawer>
    </Stack>
  );
}
