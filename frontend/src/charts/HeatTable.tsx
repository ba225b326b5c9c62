import { Table, Text } from "@mantine/core";
import "./charts.css";
import classes from "./charts.module.css";
import { useFormats } from "./format";

/** A matrix of counts; the darker a cell, the larger its share of the row. The numbers say it too. */
export function HeatTable({
  caption,
  rowTitle,
  columnTitle,
  labels,
  matrix,
}: {
  caption: string;
  rowTitle: string;
  columnTitle: string;
  labels: string[];
  matrix: number[][];
}) {
  const formats = useFormats();
  return (
    <Table.ScrollContainer minWidth={0} type="native">
      <Table withColumnBorders withRowBorders w="auto" aria-label={caption}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            <Table.Th colSpan={labels.length} ta="center" scope="colgroup">
              {columnTitle}
            </Table.Th>
          </Table.Tr>
          <Table.Tr>
            <Table.Th scope="col">{rowTitle}</Table.Th>
            {labels.map((label) => (
              <Table.Th key={label} scope="col" className={classes.cell}>
                {label}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {matrix.map((row, index) => {
            const total = row.reduce((sum, count) => sum + count, 0);
            const label = labels[index] ?? String(index);
            return (
              <Table.Tr key={label}>
                <Table.Th scope="row">{label}</Table.Th>
                {row.map((count, column) => {
                  const share = total ? count / total : 0;
                  return (
                    <Table.Td
                      key={labels[column]}
                      className={classes.cell}
                      style={{
                        background: `color-mix(in srgb, var(--chart-main) ${Math.round(share * 30)}%, transparent)`,
                        fontWeight: column === index ? 700 : 400,
                      }}
                    >
                      {formats.count(count)}
                      <Text size="xs" c="inherit">
                        {total ? formats.percent(share) : "–"}
                      </Text>
                    </Table.Td>
                  );
                })}
              </Table.Tr>
            );
          })}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
