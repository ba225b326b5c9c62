import {
  Alert,
  Button,
  Checkbox,
  Collapse,
  Group,
  Modal,
  Radio,
  Stack,
  Switch,
} from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useProgress } from "../api/progress";
import { useUser } from "../api/session";
import type { Project, Question } from "../api/types";
import { useErrorText } from "../shared/States";
import { CompositeEditor } from "./composite/CompositeEditor";
import { EvaluationFields } from "./EvaluationFields";
import { FeaturesField } from "./FeaturesField";
import { KindsField } from "./KindsField";
import { LinearFields } from "./LinearFields";
import { KINDS, type Kind, problemsOfRecipe, runRequest, type Settings } from "./recipe-draft";
import { ruleRequest } from "./rules/draft";
import { serverProblems, useProblemText } from "./rules/problems";
import { RulesEditor } from "./rules/RulesEditor";
import { useRuleWords } from "./rules/words";
import { TransformerFields } from "./TransformerFields";
import { useStartRun } from "./use-training";
import { useRecipe } from "./useRecipe";

/** The questions that a model can learn from. */
export const isTrainable = (question: Question) =>
  question.kind === "comparison" ||
  question.kind === "ranking" ||
  question.kind === "best_worst" ||
  question.kind === "rating" ||
  (question.kind === "choice" && question.per_completion);

/** The first text at a path or anywhere below it. */
const below = (texts: Record<string, string>, path: string) =>
  texts[path] ?? Object.entries(texts).find(([place]) => place.startsWith(`${path}.`))?.[1];

/** Starts a training run: what to fit, on whose labels, and how it is judged. */
export function RetrainDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const { t } = useTranslation(["training", "rules", "errors", "model-page"]);
  const user = useUser();
  const navigate = useNavigate();
  const errorText = useErrorText();
  const problemText = useProblemText();
  const ruleWords = useRuleWords();
  const progress = useProgress(project.id);
  const start = useStartRun(project.id);
  const questions = project.questions.filter(isTrainable);
  const { recipe, change, startOver } = useRecipe(
    { account: user.id, project: project.id },
    {
      questions: questions.map((question) => question.name),
      kinds: project.is_demo ? ["human", "simulated"] : ["human"],
    },
  );
  const [more, setMore] = useState(false);
  const [checked, setChecked] = useState(false);

  const { kind, settings, questions: chosen, kinds } = recipe;
  const setSettings = (part: Partial<Settings>) => change({ settings: { ...settings, ...part } });
  const request = runRequest(recipe, (rule) => ruleRequest(rule, ruleWords(rule)));
  const problems = problemsOfRecipe(recipe);
  // What the server refused holds for the very recipe that it was sent.
  const isSame = JSON.stringify(start.variables) === JSON.stringify(request);
  const refused = isSame ? serverProblems(start.error) : {};
  const at = (path: string) =>
    problemText((checked ? below(problems, path) : undefined) ?? below(refused, path));
  const complete =
    chosen.length > 0 &&
    kinds.length > 0 &&
    (kind === "rules" || kind === "composite" || problems["model.features"] === undefined);
  const submit = () => {
    setChecked(true);
    if (Object.keys(problems).length > 0) {
      // What is missing may stand among the settings that are folded away.
      setMore(true);
      return;
    }
    start.mutate(request, {
      onSuccess: (run) => navigate(`/projects/${project.id}/runs/${run.id}`),
    });
  };

  return (
    <Modal opened onClose={onClose} title={t("retrain.title")} size="lg">
      <Stack gap="md">
        <Radio.Group
          label={t("retrain.kind")}
          value={kind}
          onChange={(value) => change({ kind: value as Kind })}
        >
          <Stack gap="xs" mt="xs">
            {KINDS.map((value) => (
              <Radio
                key={value}
                value={value}
                label={t(`kind.${value}`)}
                description={t(`retrain.hint.${value}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {kind === "rules" && (
          <RulesEditor
            project={project.id}
            value={settings}
            onChange={setSettings}
            data={request.data}
            at={(field) => at(`model.${field}`)}
          />
        )}
        {kind === "composite" && (
          <CompositeEditor
            project={project.id}
            value={recipe}
            onChange={change}
            data={request.data}
            at={at}
          />
        )}
        {questions.length > 1 && (
          <Checkbox.Group
            label={t("retrain.questions")}
            value={chosen}
            onChange={(names) => change({ questions: names })}
          >
            <Stack gap="xs" mt="xs">
              {questions.map((question) => (
                <Checkbox
                  key={question.name}
                  value={question.name}
                  label={question.title || question.name}
                />
              ))}
            </Stack>
          </Checkbox.Group>
        )}
        <KindsField
          value={kinds}
          onChange={(value) => change({ kinds: value })}
          progress={progress.data}
          username={user.username}
        />
        <Switch
          checked={more}
          onChange={(event) => setMore(event.currentTarget.checked)}
          label={t("retrain.more")}
        />
        <Collapse expanded={more}>
          <Stack gap="md">
            {kind === "transformer" && (
              <TransformerFields
                value={settings.tuning}
                onChange={(tuning) => setSettings({ tuning })}
              />
            )}
            {(kind === "linear" || kind === "ensemble") && (
              <FeaturesField
                value={settings.features}
                onChange={(features) => setSettings({ features })}
                error={at("model.features")}
              />
            )}
            {kind === "linear" && (
              <LinearFields
                value={settings.linear}
                onChange={(linear) => setSettings({ linear })}
                onNumbersAlone={() => setSettings({ features: ["given"] })}
                at={(field) => at(`model.${field}`)}
              />
            )}
            <EvaluationFields value={recipe} onChange={change} />
          </Stack>
        </Collapse>
        {checked && Object.keys(problems).length > 0 && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {t("rules:incomplete")}
          </Alert>
        )}
        {start.isError && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {Object.keys(refused).some((path) => path.startsWith("model."))
              ? t("rules:refused")
              : errorText(start.error)}
          </Alert>
        )}
        <Group justify="space-between">
          <Button variant="subtle" color="gray" onClick={startOver}>
            {t("rules:startOver")}
          </Button>
          <Group>
            <Button variant="default" onClick={onClose}>
              {t("common:action.cancel")}
            </Button>
            <Button onClick={submit} disabled={!complete} loading={start.isPending}>
              {t("retrain.start")}
            </Button>
          </Group>
        </Group>
      </Stack>
    </Modal>
  );
}
