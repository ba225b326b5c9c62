import { ActionIcon, Button, Group, Stack, Switch, Text } from "@mantine/core";
import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ColumnSelect } from "./ColumnSelect";
import type { Output, Picked, Verdict } from "./column-map";
import { OriginInput } from "./OriginInput";
import type { PartProps } from "./types";

/** Verdicts with a column for each output follow when an output goes. */
function without(picked: Picked, place: number): Picked {
  const verdicts = picked.verdicts.map(
    (verdict): Verdict =>
      verdict.form === "each"
        ? { ...verdict, columns: verdict.columns.toSpliced(place, 1) }
        : verdict,
  );
  return { ...picked, verdicts, outputs: picked.outputs.toSpliced(place, 1) };
}

export function OutputColumns({ picked, onChange, columns, samples }: PartProps) {
  const { t } = useTranslation("data");
  const set = (place: number, change: Partial<Output>) => {
    const output = picked.outputs[place];
    if (output) {
      onChange({ ...picked, outputs: picked.outputs.with(place, { ...output, ...change }) });
    }
  };
  return (
    <Stack gap="sm">
      <Text size="sm" fw={500}>
        {t("columns.outputs")}
      </Text>
      {picked.outputs.map((output, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: an output is known by its place
        <Group key={place} align="start" gap="sm">
          <ColumnSelect
            label={t("columns.output", { number: place + 1 })}
            columns={columns}
            samples={samples}
            value={output.column}
            onChange={(column) => set(place, { column: column ?? "" })}
            error={output.column ? undefined : t("columns.outputMissing")}
            flex="1 1 180px"
          />
          <Stack gap={4} flex="1 1 220px">
            <OriginInput
              label={t("columns.source", { number: place + 1 })}
              columns={columns}
              value={output.source}
              onChange={(source) => set(place, { source })}
              optional
            />
          </Stack>
          <Switch
            mt={30}
            label={t("columns.optional")}
            checked={output.optional}
            onChange={(event) => set(place, { optional: event.currentTarget.checked })}
          />
          <ActionIcon
            mt={28}
            variant="subtle"
            color="red"
            disabled={picked.outputs.length === 1}
            aria-label={t("columns.removeOutput", { number: place + 1 })}
            onClick={() => onChange(without(picked, place))}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
      ))}
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: "start" }}
        onClick={() =>
          onChange({
            ...picked,
            outputs: [...picked.outputs, { column: "", source: null, optional: true }],
          })
        }
      >
        {t("columns.addOutput")}
      </Button>
    </Stack>
  );
}
