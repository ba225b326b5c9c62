import { Code, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TrainingRun } from "../api/types";
import { DataTable } from "../charts/DataTable";
import { PartSentences, RuleSentences } from "./RuleSentences";

interface Recipe {
  model?: Record<string, unknown>;
  evaluation?: Record<string, unknown>;
  seed?: number;
}

const plain = (value: unknown): string => {
  if (value === null || value === undefined) return "–";
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
};

/** Everything a run was asked to do, so that it can be done again. */
export function RecipeTable({
  recipe,
  data,
  order = 2,
}: {
  recipe: Recipe;
  data?: TrainingRun["data"];
  order?: 2 | 3;
}) {
  const { t } = useTranslation("training");
  const { features, rules, parts, ...options } = recipe.model ?? {};
  const fitted = options.weights === "fitted";
  const on =
    features && typeof features === "object"
      ? Object.entries(features)
          .filter(([, value]) => value === true)
          .map(([group]) => t(`features.${group}.name`, { defaultValue: group }))
          .join(t("labels.comma"))
      : null;
  const words: [string, string][] = [
    ...(on ? [[t("recipe.features"), on] as [string, string]] : []),
    ...(data?.questions?.length
      ? [[t("recipe.questions"), data.questions.join(t("labels.comma"))] as [string, string]]
      : []),
    ...(data?.annotator_kinds
      ? [
          [
            t("recipe.kinds"),
            data.annotator_kinds.map((kind) => t(`charts:kind.${kind}`)).join(t("labels.comma")),
          ] as [string, string],
        ]
      : []),
  ];
  const settings: [string, string][] = [
    ...Object.entries(options).map(([key, value]): [string, string] => [key, plain(value)]),
    ...Object.entries(recipe.evaluation ?? {}).map(([key, value]): [string, string] => [
      key,
      plain(value),
    ]),
    ["seed", plain(recipe.seed)],
  ];
  return (
    <>
      <Title order={order} size="h4" mb="xs">
        {t("recipe.title")}
      </Title>
      {Array.isArray(rules) && <RuleSentences rules={rules} fitted={fitted} />}
      {Array.isArray(parts) && <PartSentences parts={parts} fitted={fitted} />}
      <DataTable
        caption={t("recipe.title")}
        columns={[
          { key: "name", title: t("recipe.name") },
          { key: "value", title: t("recipe.value") },
        ]}
        rows={[
          ...words.map(([name, value]) => ({ key: name, cells: [name, value] })),
          // Settings stand as the API has them, ready to be sent again.
          ...settings.map(([name, value]) => ({
            key: name,
            cells: [<Code key="name">{name}</Code>, <Code key="value">{value}</Code>],
          })),
        ]}
      />
    </>
  );
}
