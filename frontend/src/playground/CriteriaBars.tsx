import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Explanation } from "../api/types";
import { SignedBars } from "../charts/SignedBars";

/** What each rated criterion adds to an output's reward, a bar for each. */
export function CriteriaBars({
  name,
  criteria,
}: {
  name: string;
  criteria: NonNullable<Explanation["criteria"]>;
}) {
  const { t } = useTranslation("model-page");
  return (
    <Stack gap={4}>
      <Text size="sm" fw={600}>
        {t("criteria.given")}
      </Text>
      <SignedBars
        label={`${name}: ${t("criteria.given")}`}
        bars={criteria.map((one) => ({
          key: one.criterion,
          label: one.criterion,
          value: one.contribution,
        }))}
      />
      <Text size="xs" c="var(--quiet)">
        {t("criteria.givenNote")}
      </Text>
    </Stack>
  );
}
