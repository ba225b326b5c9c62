import { Alert, Badge, Button, Group, Stack, Table, Text } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconDownload } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Import, RowMessage } from "../api/types";
import { saveAsFile } from "../shared/save-as-file";
import { Findings } from "./similar/Findings";

const SHOWN = 20;
const COUNTS = [
  "rows_read",
  "prompts_created",
  "completions_created",
  "judgments_created",
  "duplicates",
  "skipped",
  "conversions",
  "errors_total",
] as const;

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
const asCsv = (rows: RowMessage[]) =>
  ["row,message", ...rows.map(({ row, message }) => `${row ?? ""},${quoted(message)}`)].join("\n");

function Messages({
  title,
  rows,
  total,
  filename,
}: {
  title: string;
  rows: RowMessage[];
  total: number;
  filename: string;
}) {
  const { t } = useTranslation("data");
  if (rows.length === 0) return null;
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Text fw={500} size="sm">
          {title}
        </Text>
        <Button
          size="compact-xs"
          variant="subtle"
          leftSection={<IconDownload size={14} />}
          onClick={() => saveAsFile(filename, "text/csv", asCsv(rows))}
        >
          {t("report.download")}
        </Button>
      </Group>
      <Table.ScrollContainer minWidth={320}>
        <Table>
          <Table.Thead>
            <Table.Tr>
              <Table.Th w={80}>{t("report.row")}</Table.Th>
              <Table.Th>{t("report.message")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.slice(0, SHOWN).map((one, place) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row may have several messages
              <Table.Tr key={place}>
                <Table.Td>{one.row ?? t("report.file")}</Table.Td>
                <Table.Td style={{ overflowWrap: "anywhere" }}>{one.message}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {total > SHOWN && (
        <Text size="xs" c="var(--quiet)">
          {t("report.more", { shown: Math.min(SHOWN, rows.length), total })}
        </Text>
      )}
    </Stack>
  );
}

/** What became, or would become, of a file. */
export function Report({ report }: { report: Import }) {
  const { t, i18n } = useTranslation("data");
  const failed = report.status === "failed";
  const shown = COUNTS.filter((name, place) => place < 4 || report[name] > 0);
  return (
    <Stack gap="md">
      {failed ? (
        <Alert color="red" icon={<IconAlertTriangle />} role="alert" title={t("report.failed")}>
          {report.errors.find(({ row }) => row === null)?.message ?? t("report.failedHint")}
        </Alert>
      ) : (
        !report.dry_run && (
          <Alert
            color={report.errors_total > 0 ? "yellow" : "teal"}
            icon={report.errors_total > 0 ? <IconAlertTriangle /> : <IconCheck />}
            role="status"
          >
            {t(report.errors_total > 0 ? "report.partly" : "report.all", {
              count: report.errors_total,
            })}
          </Alert>
        )
      )}
      <Group gap="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
        {shown.map((name) => (
          <Badge
            component="li"
            key={name}
            variant={name === "errors_total" ? "filled" : "light"}
            color={name === "errors_total" ? "red" : "gray"}
            tt="none"
            fw={500}
            size="lg"
          >
            {t(`report.count.${name}`, {
              count: report[name],
              n: report[name].toLocaleString(i18n.resolvedLanguage),
            })}
          </Badge>
        ))}
      </Group>
      <Findings report={report} />
      <Messages
        title={t("report.errors")}
        rows={report.errors.filter(({ row }) => row !== null)}
        total={report.errors_total}
        filename={`${report.filename}-errors.csv`}
      />
      <Messages
        title={t("report.notes")}
        rows={report.notes}
        total={report.conversions}
        filename={`${report.filename}-notes.csv`}
      />
    </Stack>
  );
}
