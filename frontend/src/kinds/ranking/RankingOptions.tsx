import { Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { RankingQuestion } from "../../api/types";
import type { OptionsProps } from "../kind";

export function RankingOptions({ question, onChange }: OptionsProps<RankingQuestion>) {
  const { t } = useTranslation("settings");
  return (
    <Switch
      label={t("ranking.ties")}
      checked={question.ties}
      onChange={(event) => onChange({ ...question, ties: event.currentTarget.checked })}
    />
  );
}
