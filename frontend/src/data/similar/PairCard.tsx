import { Badge, Button, Card, Group, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { NearDuplicate, NearDuplicateSide, Resolution, Role } from "../../api/types";
import { askDiff } from "../../label/reading/ask-diff";
import type { WordDiff } from "../../label/reading/word-diff";
import { RelativeTime } from "../../shared/RelativeTime";
import { MarkedText } from "./MarkedText";
import classes from "./similar.module.css";

const NONE: readonly number[] = [];

function Side({
  side,
  ranges,
  kind,
}: {
  side: NearDuplicateSide;
  ranges: readonly number[];
  kind: "first" | "second";
}) {
  const { t } = useTranslation("similar");
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="xs" c="var(--quiet)" ff="monospace" truncate maw="24ch">
          {side.external_id}
        </Text>
        {side.source && (
          <Text size="xs" c="var(--quiet)">
            {side.source}
          </Text>
        )}
        {side.side && (
          <Badge variant="default" size="sm" tt="none" fw={500}>
            {t(`side.${side.side}`)}
          </Badge>
        )}
      </Group>
      <MarkedText text={side.text} ranges={ranges} kind={kind} />
      {side.cut && (
        <Text size="xs" c="var(--quiet)">
          {t("cut", { count: side.text.length })}
        </Text>
      )}
    </Stack>
  );
}

/** Two nearly equal texts side by side, what differs, and what can be done about it. */
export function PairCard({
  pair,
  role,
  onDecide,
  busy,
}: {
  pair: NearDuplicate;
  role: Role;
  onDecide: (resolution: Resolution) => void;
  busy: boolean;
}) {
  const { t, i18n } = useTranslation("similar");
  const [first, second] = pair.sides;
  const [diff, setDiff] = useState<WordDiff | null>(null);
  const [one, other] = [first?.text ?? "", second?.text ?? ""];
  useEffect(() => {
    let wanted = true;
    void askDiff(one, other).then((found) => wanted && setDiff(found));
    return () => {
      wanted = false;
    };
  }, [one, other]);
  if (!first || !second) return null;
  const percent = new Intl.NumberFormat(i18n.resolvedLanguage, { style: "percent" });
  const sides = first.side !== second.side;
  return (
    <Card withBorder padding="sm" component="li">
      <Stack gap="sm">
        <Group justify="space-between" gap="xs">
          <Text size="sm" fw={600}>
            {t("alike", { share: percent.format(Math.floor(pair.similarity * 100) / 100) })}
            {pair.kind === "prompts" && sides && ` · ${t("apart")}`}
          </Text>
          {pair.kind === "outputs" && (
            <Text size="xs" c="var(--quiet)" lineClamp={1} maw="48ch">
              {pair.prompt.excerpt}
            </Text>
          )}
        </Group>
        <div className={classes.sides}>
          <Side side={first} ranges={diff?.first ?? NONE} kind="first" />
          <Side side={second} ranges={diff?.second ?? NONE} kind="second" />
        </div>
        {pair.resolution === "open" ? (
          <Group gap="xs">
            {pair.kind === "prompts" && role === "admin" && (
              <Button
                size="xs"
                variant="default"
                loading={busy}
                onClick={() => onDecide("grouped")}
              >
                {t("action.group")}
              </Button>
            )}
            {pair.kind === "outputs" && pair.parkable && (
              <Button size="xs" variant="default" loading={busy} onClick={() => onDecide("parked")}>
                {t("action.park")}
              </Button>
            )}
            <Button size="xs" variant="subtle" loading={busy} onClick={() => onDecide("left")}>
              {t("action.leave")}
            </Button>
          </Group>
        ) : (
          <Group gap="xs">
            <Text size="xs" c="var(--quiet)">
              {t(`resolution.${pair.resolution}`)}
              {pair.resolved_by && ` · ${pair.resolved_by}`}
              {pair.resolved_at && (
                <>
                  {" · "}
                  <RelativeTime at={pair.resolved_at} />
                </>
              )}
            </Text>
            {pair.resolution === "left" && (
              <Button size="xs" variant="subtle" loading={busy} onClick={() => onDecide("open")}>
                {t("action.reopen")}
              </Button>
            )}
          </Group>
        )}
      </Stack>
    </Card>
  );
}
