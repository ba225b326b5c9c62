import { Anchor, Button, Card, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProject } from "../api/projects";
import type { Pins } from "../api/types";
import { FormError } from "../shared/FormError";
import { ErrorState, Loading } from "../shared/States";
import classes from "./must-pass.module.css";
import { PinnedRow } from "./PinnedPairs";
import { usePins, useTry, useUnpin } from "./use-must-pass";

/** How the champion (or the model named) does on what is pinned, pair by pair. */
export function MustPassCard({ model, order = 2 }: { model?: string; order?: 2 | 3 }) {
  const { t } = useTranslation("must-pass");
  const project = useProject();
  const pins = usePins(project.id, { model });
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={order} size="h4">
          {t("title")}
        </Title>
        {pins.isPending && <Loading lines={3} />}
        {pins.isError && <ErrorState error={pins.error} onRetry={pins.refetch} />}
        {pins.data?.pages[0] && (
          <List
            first={pins.data.pages[0]}
            pins={pins.data.pages.flatMap((page) => page.results)}
            more={pins.hasNextPage ? () => pins.fetchNextPage() : undefined}
            busy={pins.isFetchingNextPage}
          />
        )}
      </Stack>
    </Card>
  );
}

function List({
  first,
  pins,
  more,
  busy,
}: {
  first: Pins;
  pins: Pins["results"];
  more: (() => unknown) | undefined;
  busy: boolean;
}) {
  const { t } = useTranslation("must-pass");
  const project = useProject();
  const [attempt, unpin] = [useTry(project.id), useUnpin(project.id)];
  const { model, standing } = first;
  if (pins.length === 0) {
    return (
      <Text size="sm">
        {t("empty")}{" "}
        <Anchor component={Link} to={`/projects/${project.id}/review`} size="sm">
          {t("toReview")}
        </Anchor>
        {" · "}
        <Anchor component={Link} to={`/projects/${project.id}/data`} size="sm">
          {t("toData")}
        </Anchor>
      </Text>
    );
  }
  return (
    <>
      <Group justify="space-between" gap="xs">
        <Stack gap={2}>
          <Text size="sm" fw={600}>
            {model ? t("standing", { version: model.version, ...standing }) : t("noChampion")}
          </Text>
          <Text size="sm" c="var(--quiet)">
            {t("rule")}
          </Text>
        </Stack>
        {model && standing.untried > 0 && (
          <Button
            size="xs"
            variant="default"
            loading={attempt.isPending}
            onClick={() => attempt.mutate(model.id)}
          >
            {t("try", { count: standing.untried })}
          </Button>
        )}
      </Group>
      <FormError error={attempt.error ?? unpin.error} />
      <Stack component="ol" gap="xs" m={0} p={0} className={classes.plain}>
        {pins.map((pin) => (
          <PinnedRow
            key={`${pin.judgment} ${pin.passed}`}
            pin={pin}
            onUnpin={() => unpin.mutate(pin.judgment)}
          />
        ))}
      </Stack>
      {more && (
        <Button size="xs" variant="default" loading={busy} onClick={more}>
          {t("more")}
        </Button>
      )}
    </>
  );
}
