import {
  Button,
  Group,
  Modal,
  MultiSelect,
  Stack,
  Table,
  TagsInput,
  Text,
  TextInput,
  VisuallyHidden,
} from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../../api/projects";
import type { Pool } from "../../api/types";
import { useFormats } from "../../charts/format";
import { ConfirmButton } from "../../shared/ConfirmButton";
import { FormError, useFieldError } from "../../shared/FormError";
import { Section } from "../../shared/Section";
import { ErrorState, Loading } from "../../shared/States";
import { PoolPromptsForm } from "./PoolPromptsForm";
import {
  type PoolDraft,
  useAnnotatorSettings,
  useDeletePool,
  usePools,
  useSavePool,
} from "./queue";

const NEW: PoolDraft = { name: "", annotators: [], groups: [] };

/** Prompts that only some people are given. */
export function PoolsSection() {
  const { t } = useTranslation("queue");
  const project = useProject();
  const pools = usePools(project.id);
  const [edited, setEdited] = useState<Pool | "new" | null>(null);
  return (
    <Section
      title={t("pools.title")}
      hint={t("pools.hint")}
      action={
        <Button size="xs" variant="default" onClick={() => setEdited("new")}>
          {t("pools.add")}
        </Button>
      }
    >
      {pools.isPending && <Loading lines={2} />}
      {pools.isError && <ErrorState error={pools.error} onRetry={pools.refetch} />}
      {pools.data?.length === 0 && <Text c="var(--quiet)">{t("pools.empty")}</Text>}
      {pools.data && pools.data.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("pools.name")}</Table.Th>
                <Table.Th>{t("pools.who")}</Table.Th>
                <Table.Th ta="right">{t("pools.prompts")}</Table.Th>
                <Table.Th ta="right">{t("pools.open")}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t("settings:actions")}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {pools.data.map((pool) => (
                <PoolRow key={pool.id} pool={pool} onEdit={() => setEdited(pool)} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
      {edited && (
        <PoolDialog
          key={edited === "new" ? "new" : edited.id}
          pool={edited === "new" ? null : edited}
          onClose={() => setEdited(null)}
        />
      )}
    </Section>
  );
}

function PoolRow({ pool, onEdit }: { pool: Pool; onEdit: () => void }) {
  const { t } = useTranslation("queue");
  const formats = useFormats();
  const project = useProject();
  const remove = useDeletePool(project.id);
  const who = [...pool.groups, ...pool.annotators];
  return (
    <Table.Tr>
      <Table.Td>
        {pool.name}
        <FormError error={remove.error} />
      </Table.Td>
      <Table.Td>{who.length > 0 ? who.join(", ") : t("pools.nobody")}</Table.Td>
      <Table.Td ta="right">{formats.count(pool.prompts)}</Table.Td>
      <Table.Td ta="right">{formats.count(pool.items_open)}</Table.Td>
      <Table.Td>
        <Group gap="xs" justify="end" wrap="nowrap">
          <Button
            size="xs"
            variant="default"
            onClick={onEdit}
            aria-label={t("pools.editOf", { name: pool.name })}
          >
            {t("edit")}
          </Button>
          <ConfirmButton
            question={t("pools.removeQuestion", { name: pool.name })}
            confirmLabel={t("common:action.delete")}
            onConfirm={() => remove.mutate(pool.id)}
            loading={remove.isPending}
          >
            {t("common:action.delete")}
          </ConfirmButton>
        </Group>
      </Table.Td>
    </Table.Tr>
  );
}

function PoolDialog({ pool, onClose }: { pool: Pool | null; onClose: () => void }) {
  const { t } = useTranslation("queue");
  const project = useProject();
  const annotators = useAnnotatorSettings(project.id);
  const save = useSavePool(project.id);
  const at = useFieldError(save.error);
  const [draft, setDraft] = useState<PoolDraft>(
    pool ? { name: pool.name, annotators: pool.annotators, groups: pool.groups } : NEW,
  );
  const people = annotators.data ?? [];
  const names = new Set([...people.map(({ name }) => name), ...draft.annotators]);
  const groups = new Set(people.flatMap((one) => one.groups));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate({ pool: pool?.id ?? null, draft }, { onSuccess: onClose });
  };
  return (
    <Modal
      opened
      onClose={onClose}
      title={pool ? t("pools.editOf", { name: pool.name }) : t("pools.add")}
      size="lg"
    >
      <Stack gap="lg">
        <form onSubmit={submit}>
          <Stack gap="md">
            <TextInput
              label={t("pools.name")}
              value={draft.name}
              onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
              error={at("name")}
              maxLength={100}
              required
              data-autofocus
            />
            <TagsInput
              label={t("people.groups")}
              description={t("pools.groupsHint")}
              data={[...groups].sort()}
              value={draft.groups}
              onChange={(chosen) => setDraft({ ...draft, groups: chosen })}
              error={at("groups")}
              maxLength={100}
            />
            <MultiSelect
              label={t("pools.annotators")}
              data={[...names].sort()}
              value={draft.annotators}
              onChange={(chosen) => setDraft({ ...draft, annotators: chosen })}
              error={at("annotators")}
              searchable
              nothingFoundMessage={t("pools.noAnnotator")}
            />
            <FormError error={save.error} />
            <Group justify="end">
              <Button variant="default" onClick={onClose}>
                {t("common:action.cancel")}
              </Button>
              <Button type="submit" loading={save.isPending}>
                {t("common:action.save")}
              </Button>
            </Group>
          </Stack>
        </form>
        {pool && <PoolPromptsForm pool={pool} />}
      </Stack>
    </Modal>
  );
}
