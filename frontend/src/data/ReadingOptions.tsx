import { Group, Select, Switch, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { ImportRecipe } from "../api/types";
import type { Reading } from "./useImport";

const FORMATS = [
  "auto",
  "native",
  "jsonl",
  "json",
  "csv",
  "tsv",
  "xlsx",
  "parquet",
  "trl",
  "hh",
  "openassistant",
  "label-studio",
  "argilla",
] as const;
const BY_COLUMNS = "\u0000columns";

/** How the file is read: format, recipe and what the recipe asks for. */
export function ReadingOptions({
  reading,
  recipes,
  detected,
  onChange,
}: {
  reading: Reading;
  recipes: ImportRecipe[];
  detected: string | null;
  onChange: (reading: Reading) => void;
}) {
  const { t } = useTranslation("data");
  const recipe = recipes.find(({ name }) => name === reading.recipe);
  const wantsJudge = recipe?.options.some((option) => option.name === "annotator");
  const formatLabel = (format: string) =>
    format === "auto" && detected
      ? t("import.detected", { format: detected })
      : t(`format.${format}`);
  return (
    <Group align="start" gap="sm">
      <Select
        label={t("import.format")}
        data={FORMATS.map((format) => ({ value: format, label: formatLabel(format) }))}
        value={reading.format}
        onChange={(format) => onChange({ ...reading, format: format ?? "auto", map: null })}
        allowDeselect={false}
        flex="1 1 200px"
      />
      <Select
        label={t("import.recipe")}
        description={
          recipe ? t(`recipe.${recipe.name}.hint`, { defaultValue: recipe.description }) : undefined
        }
        inputWrapperOrder={["label", "input", "description", "error"]}
        data={[
          { value: BY_COLUMNS, label: t("import.noRecipe") },
          ...recipes.map(({ name, title }) => ({
            value: name,
            label: t(`recipe.${name}.title`, { defaultValue: title }),
          })),
        ]}
        value={reading.recipe ?? BY_COLUMNS}
        onChange={(name) =>
          onChange({ ...reading, recipe: name === BY_COLUMNS ? null : name, map: null })
        }
        allowDeselect={false}
        flex="1 1 240px"
      />
      {(wantsJudge || detected === "trl" || detected === "hh") && (
        <TextInput
          label={t("import.judge")}
          description={t("import.judgeHint")}
          inputWrapperOrder={["label", "input", "description", "error"]}
          value={reading.annotator}
          onChange={(event) => onChange({ ...reading, annotator: event.currentTarget.value })}
          flex="1 1 200px"
        />
      )}
      <Switch
        mt={30}
        label={t("import.strict")}
        checked={reading.strict}
        onChange={(event) => onChange({ ...reading, strict: event.currentTarget.checked })}
      />
    </Group>
  );
}
