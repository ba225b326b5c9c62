import { Stack, Text, Tooltip } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Figure } from "../api/types";
import { type FigureStyle, figureText } from "./figures";

/** A figure with its interval and n under it; undefined ones say why. */
export function FigureValue({
  figure,
  style = "number",
  digits = 3,
}: {
  figure: Figure | null | undefined;
  style?: FigureStyle;
  digits?: number;
}) {
  const { t } = useTranslation();
  const text = figureText(figure, style, digits);
  if (!text) {
    const reason = figure?.reason;
    return (
      <Tooltip label={reason} disabled={!reason} multiline maw={320}>
        <Text span c="var(--quiet)" size="sm" tabIndex={reason ? 0 : undefined}>
          {t("figure.undefined")}
          {reason ? ` – ${reason}` : ""}
        </Text>
      </Tooltip>
    );
  }
  const details = [
    text.low && text.high ? t("figure.interval", { low: text.low, high: text.high }) : null,
    text.n ? t("figure.n", { n: text.n }) : null,
  ].filter(Boolean);
  return (
    <Stack gap={0}>
      <Text span fw={600}>
        {text.value}
      </Text>
      {details.length > 0 && (
        <Text span size="xs" c="var(--quiet)">
          {details.join(" · ")}
        </Text>
      )}
    </Stack>
  );
}
