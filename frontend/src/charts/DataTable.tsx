import { Table } from "@mantine/core";
import type { ReactNode } from "react";

export interface Column {
  key: string;
  title: ReactNode;
  /** Numbers stand at the right edge, so that they can be compared down the column. */
  numeric?: boolean;
}

export interface Row {
  key: string;
  cells: ReactNode[];
}

/** Chinese may break between any two signs, which in a narrow column makes a word a column of its own. */
const WHOLE = { wordBreak: "keep-all" } as const;

/** A plain table; the first cell of each row names it. Wide ones scroll sideways, in their own frame. */
export function DataTable({
  caption,
  columns,
  rows,
}: {
  caption: string;
  columns: Column[];
  rows: Row[];
}) {
  return (
    <Table.ScrollContainer minWidth={0} type="native">
      <Table striped withRowBorders={false} aria-label={caption} verticalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th
                key={column.key}
                scope="col"
                ta={column.numeric ? "end" : undefined}
                style={{ verticalAlign: "bottom", ...WHOLE }}
              >
                {column.title}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.key}>
              {columns.map((column, index) =>
                index === 0 ? (
                  <Table.Th key={column.key} scope="row" fw={500}>
                    {row.cells[index]}
                  </Table.Th>
                ) : (
                  <Table.Td
                    key={column.key}
                    ta={column.numeric ? "end" : undefined}
                    style={column.numeric ? WHOLE : undefined}
                  >
                    {row.cells[index]}
                  </Table.Td>
                ),
              )}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
