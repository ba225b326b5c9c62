import { Badge, Button, Card, Group, Stack, Text } from "@mantine/core";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../../api/projects";
import type { Revelation } from "../../api/types";
import { Empty, ErrorState, Loading } from "../../shared/States";
import { MarkedText } from "./MarkedText";
import { unitsOf } from "./parts";
import { useRevealing } from "./similar";

function Passage({ row }: { row: Revelation }) {
  const text = `${row.before ? "…" : ""}${row.text}${row.after ? "…" : ""}`;
  const shift = row.before ? 1 : 0;
  const ranges = useMemo(
    () =>
      unitsOf(
        text,
        row.spans.map(([start, end]) => [start + shift, end + shift]),
      ),
    [text, row.spans, shift],
  );
  return <MarkedText text={text} ranges={ranges} kind="name" />;
}

/** Outputs that say which model wrote them, each with the passage. */
export function RevealingList() {
  const { t } = useTranslation("similar");
  const project = useProject();
  const found = useRevealing(project.id);
  const rows = found.data?.pages.flatMap((page) => page.results) ?? [];
  return (
    <Stack gap="sm">
      {found.isPending && <Loading lines={4} />}
      {found.isError && <ErrorState error={found.error} onRetry={found.refetch} />}
      {found.isSuccess && rows.length === 0 && (
        <Empty title={t("empty.revealing")} hint={t("empty.hint")} />
      )}
      {rows.length > 0 && (
        <>
          <Text size="sm">
            {t(
              project.blind
                ? project.mask_names
                  ? "revealing.masked"
                  : "revealing.shown"
                : "revealing.open",
            )}
          </Text>
          <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
            {rows.map((row) => (
              <Card key={row.completion} withBorder padding="sm" component="li">
                <Stack gap="xs">
                  <Group gap="xs">
                    {row.names.map((name) => (
                      <Badge key={name} variant="light" tt="none" fw={500}>
                        {name}
                      </Badge>
                    ))}
                    <Text size="xs" c="var(--quiet)" ff="monospace" truncate maw="32ch">
                      {row.prompt.external_id} · {row.external_id}
                    </Text>
                    {row.source && (
                      <Text size="xs" c="var(--quiet)">
                        {row.source}
                      </Text>
                    )}
                  </Group>
                  <Passage row={row} />
                </Stack>
              </Card>
            ))}
          </Stack>
        </>
      )}
      {found.hasNextPage && (
        <Button
          variant="default"
          onClick={() => found.fetchNextPage()}
          loading={found.isFetchingNextPage}
          style={{ alignSelf: "start" }}
        >
          {t("common:action.more")}
        </Button>
      )}
    </Stack>
  );
}
