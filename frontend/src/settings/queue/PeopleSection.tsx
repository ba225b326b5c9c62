import {
  Badge,
  Button,
  Group,
  Modal,
  NumberInput,
  Stack,
  Table,
  TagsInput,
  Text,
  VisuallyHidden,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../../api/projects";
import type { AnnotatorSettings } from "../../api/types";
import { FormError, useFieldError } from "../../shared/FormError";
import { Section } from "../../shared/Section";
import { ErrorState, Loading } from "../../shared/States";
import { useAnnotatorSettings, useSetAnnotator } from "./queue";

const orNull = (value: string | number) => (value === "" ? null : Number(value));

/** Who is given how much, and in which groups they are. */
export function PeopleSection() {
  const { t } = useTranslation("queue");
  const project = useProject();
  const annotators = useAnnotatorSettings(project.id);
  const [edited, setEdited] = useState<AnnotatorSettings | null>(null);
  const people = (annotators.data ?? []).filter(({ username }) => username !== null);
  const groups = [...new Set(people.flatMap((one) => one.groups))].sort();
  return (
    <Section title={t("people.title")} hint={t("people.hint")}>
      {annotators.isPending && <Loading lines={3} />}
      {annotators.isError && <ErrorState error={annotators.error} onRetry={annotators.refetch} />}
      {annotators.data && people.length === 0 && <Text c="var(--quiet)">{t("people.empty")}</Text>}
      {people.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("people.name")}</Table.Th>
                <Table.Th ta="right">{t("people.done")}</Table.Th>
                <Table.Th ta="right">{t("people.today")}</Table.Th>
                <Table.Th>{t("people.groups")}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t("settings:actions")}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {people.map((one) => (
                <PersonRow key={one.id} person={one} onEdit={() => setEdited(one)} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {edited && (
        <PersonDialog
          key={edited.id}
          person={edited}
          known={groups}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  );
}

function PersonRow({ person, onEdit }: { person: AnnotatorSettings; onEdit: () => void }) {
  const { t } = useTranslation("queue");
  const project = useProject();
  const set = useSetAnnotator(project.id);
  const of = (done: number, quota: number | null) =>
    quota === null ? String(done) : t("people.of", { done, quota });
  const why = person.paused_because === "" ? "hand" : person.paused_because;
  return (
    <Table.Tr>
      <Table.Td>
        {person.name}{" "}
        {person.paused && (
          <Badge variant="light" color="yellow">
            {t(`people.because.${why}`, { defaultValue: t("people.paused") })}
          </Badge>
        )}
        <FormError error={set.error} />
      </Table.Td>
      <Table.Td ta="right">{of(person.done, person.quota_total ?? project.quota_total)}</Table.Td>
      <Table.Td ta="right">
        {of(person.done_today, person.quota_daily ?? project.quota_daily)}
      </Table.Td>
      <Table.Td>
        <Group gap={4}>
          {person.groups.map((group) => (
            <Badge key={group} variant="default" tt="none">
              {group}
            </Badge>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>
        <Group gap="xs" justify="end" wrap="nowrap">
          <Button
            size="xs"
            variant="default"
            onClick={onEdit}
            aria-label={t("people.editOf", { name: person.name })}
          >
            {t("edit")}
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={set.isPending}
            aria-label={t(person.paused ? "people.resumeOf" : "people.pauseOf", {
              name: person.name,
            })}
            onClick={() => set.mutate({ annotator: person.id, change: { paused: !person.paused } })}
          >
            {t(person.paused ? "people.resume" : "people.pause")}
          </Button>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function PersonDialog({
  person,
  known,
  onClose,
}: {
  person: AnnotatorSettings;
  known: string[];
  onClose: () => void;
}) {
  const { t } = useTranslation("queue");
  const project = useProject();
  const set = useSetAnnotator(project.id);
  const at = useFieldError(set.error);
  const [draft, setDraft] = useState({
    quota_total: person.quota_total,
    quota_daily: person.quota_daily,
    groups: person.groups,
  });
  const placeholder = (quota: number | null) =>
    quota === null ? t("quota.none") : t("people.likeProject", { quota });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    set.mutate({ annotator: person.id, change: draft }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={t("people.editOf", { name: person.name })}>
      <form onSubmit={submit}>
        <Stack gap="md">
          <NumberInput
            label={t("quota.total")}
            placeholder={placeholder(project.quota_total)}
            value={draft.quota_total ?? ""}
            onChange={(value) => setDraft({ ...draft, quota_total: orNull(value) })}
            error={at("quota_total")}
            min={0}
            allowDecimal={false}
          />
          <NumberInput
            label={t("quota.daily")}
            placeholder={placeholder(project.quota_daily)}
            value={draft.quota_daily ?? ""}
            onChange={(value) => setDraft({ ...draft, quota_daily: orNull(value) })}
            error={at("quota_daily")}
            min={0}
            allowDecimal={false}
          />
          <TagsInput
            label={t("people.groups")}
            description={t("people.groupsHint")}
            data={known}
            value={draft.groups}
            onChange={(groups) => setDraft({ ...draft, groups })}
            error={at("groups")}
            maxLength={100}
          />
          <FormError error={set.error} />
          <Group justify="end">
            <Button variant="default" onClick={onClose}>
              {t("common:action.cancel")}
            </Button>
            <Button type="submit" loading={set.isPending}>
              {t("common:action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
