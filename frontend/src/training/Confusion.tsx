import { Card, Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Evaluation } from "../api/types";
import { useFormats } from "../charts/format";
import { HeatTable } from "../charts/HeatTable";

type Matrix = NonNullable<Evaluation["confusion"]>;

/** What people said beside what the model says, as counts. */
export function Confusion({ title, matrix }: { title: string; matrix: Matrix }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const total = matrix.matrix.flat().reduce((sum, count) => sum + count, 0);
  const right = matrix.matrix.reduce((sum, row, index) => sum + (row[index] ?? 0), 0);
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Title order={3} size="h4">
          {title}
        </Title>
        {total > 0 && (
          <Text size="sm">
            {t("confusion.sentence", {
              right: formats.count(right),
              total: formats.count(total),
              share: formats.percent(right / total),
            })}
          </Text>
        )}
        <HeatTable
          caption={title}
          rowTitle={t("confusion.people")}
          columnTitle={t("confusion.model")}
          labels={matrix.labels.map((label) =>
            t(`confusion.label.${label}`, { defaultValue: label }),
          )}
          matrix={matrix.matrix}
        />
      </Stack>
    </Card>
  );
}
