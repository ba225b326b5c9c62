import { Select, type SelectProps } from "@mantine/core";

/** One of the file's columns, with a value from it, so that one can tell which is which. */
export function ColumnSelect({
  columns,
  samples,
  value,
  onChange,
  ...props
}: Omit<SelectProps, "data" | "value" | "onChange"> & {
  columns: readonly string[];
  samples: Record<string, string[]> | null;
  value: string | null;
  onChange: (column: string | null) => void;
}) {
  const first = value ? samples?.[value]?.[0] : undefined;
  return (
    <Select
      data={[...columns]}
      value={value || null}
      onChange={onChange}
      description={first ? `“${first.length > 36 ? `${first.slice(0, 36)}…` : first}”` : undefined}
      inputWrapperOrder={["label", "input", "description", "error"]}
      searchable
      {...props}
    />
  );
}
