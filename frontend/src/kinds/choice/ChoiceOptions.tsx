import { Group, Stack, Switch, TagsInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ChoiceQuestion } from "../../api/types";
import type { OptionsProps } from "../kind";

export function ChoiceOptions({ question, onChange, at }: OptionsProps<ChoiceQuestion>) {
  const { t } = useTranslation("settings");
  return (
    <Stack gap="sm">
      <TagsInput
        label={t("choice.options")}
        description={t("wordsHint")}
        value={question.options}
        onChange={(options) => onChange({ ...question, options })}
        splitChars={[]}
        acceptValueOnBlur
        error={at("options")}
      />
      <Group gap="lg">
        <Switch
          label={t("choice.multiple")}
          checked={question.multiple}
          onChange={(event) => onChange({ ...question, multiple: event.currentTarget.checked })}
        />
        <Switch
          label={t("choice.perCompletion")}
          checked={question.per_completion}
          onChange={(event) =>
            onChange({ ...question, per_completion: event.currentTarget.checked })
          }
        />
      </Group>
    </Stack>
  );
}
