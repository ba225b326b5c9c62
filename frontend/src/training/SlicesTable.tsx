import { Card, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DataTable } from "../charts/DataTable";
import { FigureValue } from "../shared/FigureValue";
import type { Slice } from "./types";

/** The server's names of parts, where they are words and no names from the data. */
const NAMES: Record<string, string> = {
  unanimous: "unanimous",
  majority: "majority",
  "single vote": "single",
  "up to 1.1 times": "alike",
  "1.1 to 1.5 times": "little",
  "1.5 to 2 times": "much",
  "over 2 times": "over",
};
const FROM_DATA = new Set(["source", "criterion"]);

/** Where the model is good and where it is not. */
export function SlicesTable({ slices }: { slices: Slice[] }) {
  const { t } = useTranslation("training");
  const nameOf = ({ by, name }: Slice) =>
    FROM_DATA.has(by) || !NAMES[name] ? name : t(`slices.name.${NAMES[name]}`);
  return (
    <Card withBorder>
      <Title order={2} size="h4">
        {t("slices.title")}
      </Title>
      <Text size="sm" mb="xs">
        {t("slices.sentence")}
      </Text>
      <DataTable
        caption={t("slices.title")}
        columns={[
          { key: "by", title: t("slices.by") },
          { key: "name", title: t("slices.part") },
          { key: "accuracy", title: t("metric.accuracy"), numeric: true },
        ]}
        rows={slices.map((slice) => ({
          key: `${slice.by} ${slice.name}`,
          cells: [
            t(`slices.dimension.${slice.by}`, { defaultValue: slice.by }),
            nameOf(slice),
            <FigureValue key="accuracy" figure={slice} style="percent" />,
          ],
        }))}
      />
    </Card>
  );
}
