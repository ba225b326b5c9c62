import { TagsInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { HighlightQuestion } from "../../api/types";
import type { OptionsProps } from "../kind";

export function HighlightOptions({ question, onChange, at }: OptionsProps<HighlightQuestion>) {
  const { t } = useTranslation("settings");
  return (
    <TagsInput
      label={t("highlight.labels")}
      description={t("wordsHint")}
      value={question.labels}
      onChange={(labels) => onChange({ ...question, labels })}
      splitChars={[]}
      acceptValueOnBlur
      error={at("labels")}
    />
  );
}
