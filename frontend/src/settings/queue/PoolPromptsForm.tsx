import { Button, Checkbox, Group, Stack, Text, TextInput, Title } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../../api/projects";
import type { Pool } from "../../api/types";
import { useFormats } from "../../charts/format";
import { FormError } from "../../shared/FormError";
import { usePoolPrompts } from "./queue";

/** Which prompts are in a pool: those that hold a text, put in or taken out. */
export function PoolPromptsForm({ pool }: { pool: Pool }) {
  const { t } = useTranslation("queue");
  const formats = useFormats();
  const project = useProject();
  const move = usePoolPrompts(project.id);
  const [text, setText] = useState("");
  const [unpooled, setUnpooled] = useState(true);
  const add = () =>
    move.mutate({ pool: pool.id, filter: unpooled ? { q: text, unpooled } : { q: text } });
  const remove = () => move.mutate({ pool: pool.id, filter: { q: text, remove: true } });
  return (
    <Stack gap="sm">
      <Title order={3} size="h5">
        {t("pools.promptsOf", { n: formats.count(pool.prompts) })}
      </Title>
      <TextInput
        label={t("pools.text")}
        description={t("pools.textHint")}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        maxLength={500}
      />
      <Checkbox
        label={t("pools.unpooled")}
        checked={unpooled}
        onChange={(event) => setUnpooled(event.currentTarget.checked)}
      />
      <FormError error={move.error} />
      {move.data && (
        <Text size="sm" role="status">
          {move.data.prompts === null
            ? t("pools.queued")
            : t("pools.moved", { n: formats.count(move.data.prompts) })}
        </Text>
      )}
      <Group>
        <Button size="xs" variant="default" onClick={add} loading={move.isPending}>
          {t("pools.put")}
        </Button>
        <Button size="xs" variant="default" onClick={remove} loading={move.isPending}>
          {t("pools.take")}
        </Button>
      </Group>
    </Stack>
  );
}
