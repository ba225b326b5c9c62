import { Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "../charts/format";
import { CopyButton } from "../shared/CopyButton";
import type { Model } from "./types";

/** How a version's rewards are brought to the scale that all versions share, in words. */
export function ScaleCard({ scale }: { scale: Model["scale"] }) {
  const { t } = useTranslation("scale");
  const formats = useFormats();
  const measured = scale !== null && scale.mean !== null && scale.spread !== null;
  const number = (value: number | null) => formats.number(value ?? 0);
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Title order={3} size="h4">
          {t("title")}
        </Title>
        {measured && (
          <Text size="sm">
            {t(scale.anchored_to === null ? "first" : "anchored", {
              version: scale.anchored_to,
              n: formats.count(scale.anchors),
              mean: number(scale.mean),
              spread: number(scale.spread),
              ownMean: number(scale.own_mean),
              ownSpread: number(scale.own_spread),
            })}
          </Text>
        )}
        {(scale === null || scale.note !== "") && (
          <Text size="sm">{t(`note.${scale === null ? "old" : scale.note}`)}</Text>
        )}
        <Text size="sm">
          {t("odds", { share: formats.percent(1 / (1 + Math.exp(-1 / (scale?.factor ?? 1)))) })}
        </Text>
        {measured && scale.anchored_to !== null && (
          <Text size="sm">
            {t("line", {
              factor: formats.number(scale.factor, 4),
              shift: formats.signed(scale.shift, 4),
            })}
          </Text>
        )}
        {measured && (
          <Group gap="xs" wrap="nowrap">
            <Text size="sm" style={{ flexShrink: 0 }}>
              {t("fingerprint")}
            </Text>
            <Code
              style={{ overflow: "hidden", textOverflow: "ellipsis" }}
              title={scale.fingerprint}
            >
              {scale.fingerprint}
            </Code>
            <CopyButton value={scale.fingerprint} size="compact-xs" style={{ flexShrink: 0 }} />
          </Group>
        )}
      </Stack>
    </Card>
  );
}
