import { Button, Group, MultiSelect, Stack, Textarea } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ColumnSelect } from "./ColumnSelect";
import type { PartProps } from "./types";

/** What the prompt is made of, and which columns name it and its group. */
export function PromptColumns({ picked, onChange, columns, samples }: PartProps) {
  const { t } = useTranslation("data");
  const asText = picked.template !== null;
  return (
    <Stack gap="sm">
      {asText ? (
        <Textarea
          label={t("columns.template")}
          description={t("columns.templateHint")}
          value={picked.template ?? ""}
          onChange={(event) => onChange({ ...picked, template: event.currentTarget.value })}
          autosize
          minRows={2}
          ff="monospace"
        />
      ) : (
        <MultiSelect
          label={t("columns.prompt")}
          description={t("columns.promptHint")}
          data={[...columns]}
          value={picked.prompt}
          onChange={(prompt) => onChange({ ...picked, prompt })}
          error={picked.prompt.length === 0 ? t("columns.promptMissing") : undefined}
          searchable
        />
      )}
      <Group>
        <Button
          size="compact-xs"
          variant="subtle"
          onClick={() =>
            onChange({
              ...picked,
              template: asText ? null : picked.prompt.map((column) => `{${column}}`).join("\n\n"),
            })
          }
        >
          {t(asText ? "columns.chooseColumns" : "columns.writeTemplate")}
        </Button>
      </Group>
      <Group grow align="start" preventGrowOverflow={false}>
        <ColumnSelect
          label={t("columns.id")}
          placeholder={t("columns.idNone")}
          columns={columns}
          samples={samples}
          value={picked.id}
          onChange={(id) => onChange({ ...picked, id })}
          clearable
          miw={180}
        />
        <ColumnSelect
          label={t("columns.group")}
          placeholder={t("columns.groupNone")}
          columns={columns}
          samples={samples}
          value={picked.group}
          onChange={(group) => onChange({ ...picked, group })}
          clearable
          miw={180}
        />
      </Group>
    </Stack>
  );
}
