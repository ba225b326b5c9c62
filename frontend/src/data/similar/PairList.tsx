import { Button, Group, NativeSelect, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../../api/projects";
import type { NearDuplicateKind, Resolution } from "../../api/types";
import { ConfirmButton } from "../../shared/ConfirmButton";
import { FormError } from "../../shared/FormError";
import { Empty, ErrorState, Loading } from "../../shared/States";
import { PairCard } from "./PairCard";
import { useDecide, useNearDuplicates } from "./similar";

const STATES = {
  prompts: ["open", "grouped", "left"],
  outputs: ["open", "parked", "left"],
} as const;
const AT_ONCE = 200;

/** Pairs of one kind, the most similar first, with what to do about one or all of them. */
export function PairList({ kind }: { kind: NearDuplicateKind }) {
  const { t } = useTranslation("similar");
  const project = useProject();
  const [state, setState] = useState<Resolution>("open");
  const pairs = useNearDuplicates(project.id, kind, state);
  const decide = useDecide(project.id);
  const rows = pairs.data?.pages.flatMap((page) => page.results) ?? [];
  const all: Resolution | null =
    kind === "outputs" ? "parked" : project.role === "admin" ? "grouped" : null;
  const fitting = rows.filter((pair) => kind === "prompts" || pair.parkable).slice(0, AT_ONCE);
  return (
    <Stack gap="sm">
      <Group justify="space-between" align="end">
        <NativeSelect
          size="xs"
          label={t("show")}
          value={state}
          onChange={(event) => setState(event.currentTarget.value as Resolution)}
          data={STATES[kind].map((value) => ({ value, label: t(`state.${value}`) }))}
        />
        {state === "open" && all && fitting.length > 1 && (
          <ConfirmButton
            question={t(`all.${kind}Question`, { count: fitting.length })}
            onConfirm={() =>
              decide.mutate({ ids: fitting.map((pair) => pair.id), resolution: all })
            }
            loading={decide.isPending}
          >
            {t(`all.${kind}`, { count: fitting.length })}
          </ConfirmButton>
        )}
      </Group>
      <FormError error={decide.error} />
      {pairs.isPending && <Loading lines={4} />}
      {pairs.isError && <ErrorState error={pairs.error} onRetry={pairs.refetch} />}
      {pairs.isSuccess && rows.length === 0 && (
        <Empty title={t(`empty.${kind}`)} hint={state === "open" ? t("empty.hint") : undefined} />
      )}
      {rows.length > 0 && (
        <Stack component="ul" gap="sm" m={0} p={0} style={{ listStyle: "none" }}>
          {rows.map((pair) => (
            <PairCard
              key={pair.id}
              pair={pair}
              role={project.role}
              busy={decide.isPending && decide.variables.ids.includes(pair.id)}
              onDecide={(resolution) => decide.mutate({ ids: [pair.id], resolution })}
            />
          ))}
        </Stack>
      )}
      {pairs.hasNextPage && (
        <Button
          variant="default"
          onClick={() => pairs.fetchNextPage()}
          loading={pairs.isFetchingNextPage}
          style={{ alignSelf: "start" }}
        >
          {t("common:action.more")}
        </Button>
      )}
      {decide.isSuccess && (
        <Text size="sm" role="status">
          {t("decided", { count: decide.data.decided })}
        </Text>
      )}
    </Stack>
  );
}
