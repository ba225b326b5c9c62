import { Switch, TagsInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Question } from "../../api/types";
import { ChoiceOptions } from "./ChoiceOptions";
import { ComparisonOptions } from "./ComparisonOptions";
import { RatingOptions } from "./RatingOptions";
import type { OptionsProps } from "./types";

/** The options of a question's own kind; nothing for the kinds that have none. */
export function KindOptions({ question, onChange, at }: OptionsProps<Question>) {
  const { t } = useTranslation("settings");
  switch (question.kind) {
    case "comparison":
      return <ComparisonOptions question={question} onChange={onChange} at={at} />;
    case "rating":
      return <RatingOptions question={question} onChange={onChange} at={at} />;
    case "choice":
      return <ChoiceOptions question={question} onChange={onChange} at={at} />;
    case "ranking":
      return (
        <Switch
          label={t("ranking.ties")}
          checked={question.ties}
          onChange={(event) => onChange({ ...question, ties: event.currentTarget.checked })}
        />
      );
    case "highlight":
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
    case "best_worst":
    case "rewrite":
    case "comment":
      return null;
  }
}
