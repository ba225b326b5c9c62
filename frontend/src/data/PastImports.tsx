import { Badge, Collapse, Group, Paper, Stack, Text, UnstyledButton } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { Import } from "../api/types";
import { ConfirmButton } from "../shared/ConfirmButton";
import { FormError } from "../shared/FormError";
import { RelativeTime } from "../shared/RelativeTime";
import { Section } from "../shared/Section";
import { ErrorState, Loading } from "../shared/States";
import { useImports, useUndoImport } from "./imports";
import { Report } from "./Report";

const COLORS = { queued: "gray", running: "blue", succeeded: "teal", failed: "red" } as const;

const BROUGHT = ["prompts_created", "judgments_created", "errors_total"] as const;

function ImportRow({ report }: { report: Import }) {
  const { t, i18n } = useTranslation("data");
  const project = useProject();
  const undo = useUndoImport(project.id);
  const [open, { toggle }] = useDisclosure(false);
  return (
    <Paper component="li" withBorder p="sm" style={{ listStyle: "none" }}>
      <Stack gap="xs">
        <Group justify="space-between" align="start">
          <UnstyledButton onClick={toggle} aria-expanded={open} flex="1 1 240px">
            <Group gap="xs">
              <Text fw={500} style={{ overflowWrap: "anywhere" }}>
                {report.filename || t("past.unnamed")}
              </Text>
              <Badge size="sm" variant="light" color={COLORS[report.status]}>
                {t(report.undone_at ? "past.undone" : `status.${report.status}`)}
              </Badge>
            </Group>
            <Text size="sm" c="var(--quiet)">
              {BROUGHT.filter((name) => name === "prompts_created" || report[name] > 0)
                .map((name) =>
                  t(`report.count.${name}`, {
                    count: report[name],
                    n: report[name].toLocaleString(i18n.resolvedLanguage),
                  }),
                )
                .join(" · ")}
              {" · "}
              {report.created_by} · <RelativeTime at={report.created_at} />
            </Text>
          </UnstyledButton>
          {report.undoable && project.role === "admin" && (
            <ConfirmButton
              question={t("past.undoQuestion", {
                prompts: report.prompts_created,
                judgments: report.judgments_created,
              })}
              confirmLabel={t("past.undo")}
              onConfirm={() => undo.mutate(report.id)}
              loading={undo.isPending}
            >
              {t("past.undo")}
            </ConfirmButton>
          )}
        </Group>
        <FormError error={undo.error} />
        <Collapse expanded={open}>{open && <Report report={report} />}</Collapse>
      </Stack>
    </Paper>
  );
}

export function PastImports({ project }: { project: string }) {
  const { t } = useTranslation("data");
  const imports = useImports(project);
  if (imports.data?.length === 0) return null;
  return (
    <Section title={t("past.title")} hint={t("past.hint")}>
      {imports.isPending && <Loading lines={2} />}
      {imports.isError && <ErrorState error={imports.error} onRetry={imports.refetch} />}
      {imports.data && (
        <Stack component="ol" gap="sm" m={0} p={0}>
          {imports.data.map((report) => (
            <ImportRow key={report.id} report={report} />
          ))}
        </Stack>
      )}
    </Section>
  );
}
