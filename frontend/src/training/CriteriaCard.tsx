import { Card } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { useFormats } from "../charts/format";
import { SignedBars } from "../charts/SignedBars";
import { useFigureText } from "./card-words";
import type { CriterionFigure } from "./reading-types";

/** What each rated criterion counts in the reward, and how well it is told. */
export function CriteriaCard({
  criteria,
  compared,
}: {
  criteria: readonly CriterionFigure[];
  /** Whether there were comparisons to find the weights from. */
  compared: boolean;
}) {
  const { t } = useTranslation("model-page");
  const formats = useFormats();
  const figureText = useFigureText();
  return (
    <Card withBorder>
      <ChartFrame
        order={3}
        title={t("criteria.title")}
        sentence={t(compared ? "criteria.sentence" : "criteria.sentenceAlike")}
        columns={[
          { key: "criterion", title: t("criteria.criterion") },
          { key: "weight", title: t("criteria.weight"), numeric: true },
          { key: "accuracy", title: t("criteria.accuracy") },
        ]}
        rows={criteria.map((one) => ({
          key: one.criterion,
          cells: [one.criterion, formats.signed(one.weight, 3), figureText(one.accuracy, "share")],
        }))}
        note={t("criteria.note")}
      >
        <SignedBars
          label={t("criteria.title")}
          bars={criteria.map((one) => ({
            key: one.criterion,
            label: one.criterion,
            value: one.weight,
            note: figureText(one.accuracy, "share"),
          }))}
        />
      </ChartFrame>
    </Card>
  );
}
