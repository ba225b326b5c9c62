import { Group, Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Origin } from "./column-map";

const NAME = "\u0000name";
const NONE = "\u0000none";

/** Who or what something is from: a column, a name for every row, or (where allowed) nothing. */
export function OriginInput({
  label,
  columns,
  value,
  onChange,
  optional,
}: {
  label: string;
  columns: readonly string[];
  value: Origin | null;
  onChange: (origin: Origin | null) => void;
  optional?: boolean;
}) {
  const { t } = useTranslation("data");
  const choose = (chosen: string | null) => {
    if (chosen === NONE || chosen === null) onChange(null);
    else if (chosen === NAME) onChange({ kind: "name", name: "" });
    else onChange({ kind: "column", column: chosen });
  };
  const selected = value === null ? NONE : value.kind === "name" ? NAME : value.column;
  return (
    <Group gap="xs" align="end">
      <Select
        label={label}
        data={[
          ...(optional ? [{ value: NONE, label: t("columns.noOrigin") }] : []),
          { value: NAME, label: t("columns.sameName") },
          ...columns.map((column) => ({ value: column, label: column })),
        ]}
        value={selected}
        onChange={choose}
        allowDeselect={false}
        searchable
        flex="1 1 160px"
      />
      {value?.kind === "name" && (
        <TextInput
          aria-label={t("columns.nameOf", { what: label })}
          value={value.name}
          onChange={(event) => onChange({ kind: "name", name: event.currentTarget.value })}
          flex="1 1 120px"
        />
      )}
    </Group>
  );
}
