import { Card, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { IntervalPlot } from "../charts/IntervalPlot";
import { FigureValue } from "../shared/FigureValue";
import { usePartNames } from "./part-names";
import type { Slice } from "./types";

const SHARES = [0, 0.25, 0.5, 0.75, 1];

/** Where the model is good and where it is not. */
export function SlicesTable({ slices }: { slices: Slice[] }) {
  const { t } = useTranslation("training");
  const names = usePartNames();
  const dimensions = [...new Set(slices.map((slice) => slice.by))];
  return (
    <Card withBorder>
      <ChartFrame
        order={3}
        title={t("slices.title")}
        sentence={t("slices.sentence")}
        columns={[
          { key: "by", title: t("slices.by") },
          { key: "name", title: t("slices.part") },
          { key: "accuracy", title: t("metric.accuracy"), numeric: true },
        ]}
        rows={slices.map((slice) => ({
          key: `${slice.by} ${slice.name}`,
          cells: [
            names.dimension(slice.by),
            names.part(slice),
            <FigureValue key="accuracy" figure={slice} style="percent" />,
          ],
        }))}
      >
        <Stack gap="sm">
          {dimensions.map((by) => (
            <div key={by}>
              <Text size="sm" fw={600}>
                {names.dimension(by)}
              </Text>
              <IntervalPlot
                label={names.dimension(by)}
                rows={slices
                  .filter((slice) => slice.by === by)
                  .map((slice) => ({
                    key: slice.name,
                    label: names.part(slice),
                    figure: slice,
                  }))}
                domain={[0, 1]}
                ticks={SHARES}
                guides={[0.5]}
                style="percent"
              />
            </div>
          ))}
        </Stack>
      </ChartFrame>
    </Card>
  );
}
