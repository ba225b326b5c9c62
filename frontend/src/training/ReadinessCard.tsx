import { Card, List, Text, ThemeIcon, Title } from "@mantine/core";
import { IconCheck, IconQuestionMark, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../charts/format";
import type { FullEvaluation } from "./types";

type Readiness = NonNullable<FullEvaluation["readiness"]>;
type Check = Readiness["checks"][number];

const SHARES: readonly Check["code"][] = ["baselines", "best_of_n"];

function Sign({ check }: { check: Check }) {
  const { t } = useTranslation("training");
  if (check.passed === null) {
    return (
      <ThemeIcon role="img" size={20} radius="xl" color="gray" aria-label={t("readiness.unknown")}>
        <IconQuestionMark size={14} />
      </ThemeIcon>
    );
  }
  return (
    <ThemeIcon
      role="img"
      size={20}
      radius="xl"
      color={check.passed ? "teal" : "orange"}
      aria-label={t(check.passed ? "readiness.passed" : "readiness.failed")}
    >
      {check.passed ? <IconCheck size={14} /> : <IconX size={14} />}
    </ThemeIcon>
  );
}

/** Whether to train a policy on these rewards, in words: what speaks for it and what against. */
export function ReadinessCard({ readiness }: { readiness: Readiness }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const written = (check: Check, value: number | null) => {
    if (value === null) return "–";
    if (SHARES.includes(check.code)) return formats.percent(value, 1);
    return check.code === "spread" ? formats.number(value, 2) : formats.count(value);
  };
  return (
    <Card withBorder>
      <Title order={3} size="h4">
        {t("readiness.title")}
      </Title>
      <Text mt="xs">{t(readiness.ready ? "readiness.ready" : "readiness.notReady")}</Text>
      <List mt="sm" spacing="xs" center={false}>
        {readiness.checks.map((check) => (
          <List.Item key={check.code} icon={<Sign check={check} />}>
            <Text size="sm">
              {t(`readiness.check.${check.code}.${check.passed ? "good" : "bad"}`, {
                value: written(check, check.measured),
                wanted: written(check, check.wanted),
              })}
            </Text>
          </List.Item>
        ))}
      </List>
    </Card>
  );
}
