import { Badge, Button, Card, Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ParkedItem } from "../api/types";
import { RelativeTime } from "../shared/RelativeTime";
import { ErrorState, Loading, useErrorText } from "../shared/States";
import { type SetAside, useRelease, useSetAside } from "./use-set-aside";

function SetAsideItem({
  item,
  onRelease,
  busy,
}: {
  item: ParkedItem;
  onRelease?: () => void;
  busy: boolean;
}) {
  const { t } = useTranslation("progress");
  return (
    <Card withBorder padding="sm" component="li">
      <Group justify="space-between" align="start" wrap="nowrap">
        <Stack gap={4} style={{ minWidth: 0 }}>
          <Text size="sm" fw={600} lineClamp={2} style={{ overflowWrap: "anywhere" }}>
            {item.prompt.excerpt}
          </Text>
          <Text size="xs" c="var(--quiet)">
            {item.prompt.external_id}
            {item.parked_at && (
              <>
                {" · "}
                <RelativeTime at={item.parked_at} />
              </>
            )}
          </Text>
          {item.skips.map((skip) => (
            <Group key={`${skip.annotator} ${skip.status}`} gap={8} wrap="nowrap" align="start">
              <Badge variant="default" size="sm" tt="none" style={{ flexShrink: 0 }}>
                {t(`status.${skip.status}`)}
              </Badge>
              <Text size="sm">
                {skip.reason
                  ? t("aside.reason", { name: skip.annotator, reason: skip.reason })
                  : t("aside.noReason", { name: skip.annotator })}
              </Text>
            </Group>
          ))}
        </Stack>
        {onRelease && (
          <Button
            size="xs"
            variant="default"
            onClick={onRelease}
            loading={busy}
            style={{ flexShrink: 0 }}
          >
            {t("aside.release")}
          </Button>
        )}
      </Group>
    </Card>
  );
}

/** Items set aside with what people said; parked ones can be given out again. */
export function SetAsideList({
  project,
  list,
  count,
}: {
  project: string;
  list: SetAside;
  count: number;
}) {
  const { t } = useTranslation("progress");
  const errorText = useErrorText();
  const items = useSetAside(project, list, count > 0);
  const release = useRelease(project);
  if (count === 0) {
    return (
      <Text size="sm" c="var(--quiet)">
        {t(`aside.${list}Empty`)}
      </Text>
    );
  }
  if (items.isPending) return <Loading lines={3} />;
  if (items.isError) return <ErrorState error={items.error} onRetry={items.refetch} />;
  return (
    <Stack gap="xs">
      <Text size="sm">{t(`aside.${list}Hint`)}</Text>
      {release.isError && (
        <Text size="sm" c="red" role="alert">
          {errorText(release.error)}
        </Text>
      )}
      <Stack component="ul" gap="xs" p={0} m={0}>
        {items.data.results.map((item) => (
          <SetAsideItem
            key={item.item}
            item={item}
            busy={release.isPending && release.variables === item.item}
            onRelease={list === "parked" ? () => release.mutate(item.item) : undefined}
          />
        ))}
      </Stack>
      {items.data.next && (
        <Text size="xs" c="var(--quiet)">
          {t("aside.more", { count: items.data.results.length })}
        </Text>
      )}
    </Stack>
  );
}
