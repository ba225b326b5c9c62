import { Alert, Button, Stack, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type { Project, Question } from "../api/types";
import { FormError } from "../shared/FormError";
import { lacking, together } from "./recipe-questions";

/** Offers to ask what a recipe's or a format's labels answer, where the project does not ask it yet. */
export function RecipeQuestions({
  project,
  questions,
  onAdded,
}: {
  project: Project;
  questions: Question[];
  onAdded: () => void;
}) {
  const { t } = useTranslation("data");
  const client = useQueryClient();
  const missing = lacking(project.questions, questions);
  const add = useMutation({
    mutationFn: (asked: Question[]) =>
      api.patch<Project>(`/projects/${project.id}/`, { questions: asked }),
    onSuccess: (changed) => {
      client.setQueryData(projectKey(project.id), changed);
      onAdded();
    },
  });

  if (missing.length === 0) return null;
  const titles = missing.map((question) => `“${question.title || question.name}”`).join(", ");
  return (
    <Alert color="yellow" title={t("recipeQuestions.title")}>
      <Stack gap="sm" align="start">
        <Text size="sm">{t("recipeQuestions.text", { titles })}</Text>
        <FormError error={add.error} />
        <Button
          size="xs"
          onClick={() => add.mutate(together(project.questions, questions))}
          loading={add.isPending}
        >
          {t("recipeQuestions.add", { count: missing.length })}
        </Button>
        {project.judgments === 0 && (
          <Button
            size="xs"
            variant="default"
            onClick={() => add.mutate(questions)}
            loading={add.isPending}
          >
            {t("recipeQuestions.replace")}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}
