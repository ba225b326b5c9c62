import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { MustPassVerdict } from "../api/types";
import classes from "./must-pass.module.css";
import { useMarginText } from "./useMarginText";

/** The pinned pairs that a challenger failed when it was decided on, by the beginnings of both texts. */
export function FailedPairs({ verdict }: { verdict: MustPassVerdict | undefined }) {
  const { t } = useTranslation("must-pass");
  const marginText = useMarginText();
  if (!verdict || verdict.pairs.length === 0) return null;
  return (
    <Stack component="ul" gap={4} m={0} p={0} className={classes.plain}>
      {verdict.pairs.map((pair) => (
        <Text
          component="li"
          size="sm"
          className={classes.excerpt}
          key={`${pair.judgment} ${pair.preferred} ${pair.rejected}`}
        >
          {t("failed", { preferred: pair.preferred, rejected: pair.rejected })}{" "}
          {marginText(pair.margin)}
        </Text>
      ))}
    </Stack>
  );
}
