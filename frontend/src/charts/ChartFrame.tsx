import { Button, Group, Stack, Text, Title } from "@mantine/core";
import { IconChartDots, IconTable } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import "./charts.css";
import classes from "./charts.module.css";
import { type Column, DataTable, type Row } from "./DataTable";

/** A chart under a sentence that says what it means; one press shows its data as a table. */
export function ChartFrame({
  title,
  sentence,
  controls,
  columns,
  rows,
  note,
  order = 3,
  children,
}: {
  title: string;
  sentence?: ReactNode;
  controls?: ReactNode;
  columns: Column[];
  rows: Row[];
  note?: ReactNode;
  order?: 2 | 3 | 4;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const [asTable, setAsTable] = useState(false);
  return (
    <Stack component="figure" gap="xs" className={classes.frame}>
      <Group justify="space-between" align="start" gap="xs">
        <Title order={order} size="h4">
          {title}
        </Title>
        <Group gap="xs">
          {controls}
          <Button
            size="compact-xs"
            variant="subtle"
            leftSection={asTable ? <IconChartDots size={14} /> : <IconTable size={14} />}
            onClick={() => setAsTable(!asTable)}
          >
            {asTable ? t("figure.asChart") : t("figure.asTable")}
          </Button>
        </Group>
      </Group>
      {sentence && <Text size="sm">{sentence}</Text>}
      {asTable ? <DataTable caption={title} columns={columns} rows={rows} /> : children}
      {note && (
        <Text component="figcaption" size="xs" c="var(--quiet)">
          {note}
        </Text>
      )}
    </Stack>
  );
}
