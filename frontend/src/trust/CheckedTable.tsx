import { Badge, Button, Group, Table, Text, VisuallyHidden } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { CheckedAnnotator, StandingStatus } from "../api/types";
import { useFormats } from "../charts/format";
import { FormError } from "../shared/FormError";
import { RelativeTime } from "../shared/RelativeTime";
import { type StandingAction, useSetStanding } from "./use-gold";

const COLOURS: Record<StandingStatus, string> = {
  working: "gray",
  exempt: "gray",
  qualifying: "blue",
  warned: "yellow",
  paused: "red",
  qualification_failed: "red",
};

const ACTIONS: Record<StandingStatus, readonly StandingAction[]> = {
  working: ["pause"],
  exempt: [],
  warned: ["pause"],
  qualifying: ["qualify"],
  paused: ["resume"],
  qualification_failed: ["resume", "qualify"],
};

/** The people who work here: their scores on gold items, and how they stand. */
export function CheckedTable({ annotators }: { annotators: readonly CheckedAnnotator[] }) {
  const { t } = useTranslation("gold");
  const project = useProject();
  const { percent, count } = useFormats();
  const set = useSetStanding(project.id);
  const admin = project.role === "admin";
  const actionOf = (status: StandingStatus, action: StandingAction) =>
    t(status === "qualification_failed" && action === "resume" ? "do.retry" : `do.${action}`);
  return (
    <>
      <FormError error={set.error} />
      <Table.ScrollContainer minWidth={560}>
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("people.name")}</Table.Th>
              <Table.Th>{t("people.status")}</Table.Th>
              <Table.Th>{t("people.score")}</Table.Th>
              <Table.Th>{t("people.since")}</Table.Th>
              {admin && (
                <Table.Th>
                  <VisuallyHidden>{t("people.actions")}</VisuallyHidden>
                </Table.Th>
              )}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {annotators.map(({ id, name, status, because, since, score }) => (
              <Table.Tr key={id} data-testid="checked-annotator">
                <Table.Td>{name}</Table.Td>
                <Table.Td>
                  <Badge color={COLOURS[status]} variant="light" tt="none">
                    {because === "hand" ? t("status.pausedByHand") : t(`status.${status}`)}
                  </Badge>
                </Table.Td>
                <Table.Td>
                  {score ? (
                    t("people.scoreValue", {
                      percent: percent(score.value),
                      low: percent(score.low),
                      high: percent(score.high),
                      n: count(score.n),
                    })
                  ) : (
                    <Text span size="sm" c="var(--quiet)">
                      {t("people.noScore")}
                    </Text>
                  )}
                </Table.Td>
                <Table.Td>{since ? <RelativeTime at={since} /> : "–"}</Table.Td>
                {admin && (
                  <Table.Td>
                    <Group gap="xs" justify="end" wrap="nowrap">
                      {ACTIONS[status].map((action) => (
                        <Button
                          key={action}
                          size="compact-xs"
                          variant="default"
                          loading={set.isPending && set.variables.id === id}
                          onClick={() => set.mutate({ id, action })}
                        >
                          {actionOf(status, action)}
                        </Button>
                      ))}
                    </Group>
                  </Table.Td>
                )}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </>
  );
}
