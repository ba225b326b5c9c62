import {
  Alert,
  Button,
  Checkbox,
  Collapse,
  Group,
  Modal,
  NumberInput,
  Radio,
  SegmentedControl,
  Stack,
  Switch,
} from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useProgress } from "../api/progress";
import { useUser } from "../api/session";
import type { AnnotatorKind, Project, Question } from "../api/types";
import { useErrorText } from "../shared/States";
import { KindsField } from "./KindsField";
import { FEATURE_GROUPS, type FeatureGroup, type RunRequest } from "./types";
import { useStartRun } from "./use-training";

/** The questions that a model can learn from. */
export const isTrainable = (question: Question) =>
  question.kind === "comparison" ||
  question.kind === "ranking" ||
  question.kind === "best_worst" ||
  question.kind === "rating" ||
  (question.kind === "choice" && question.per_completion);

type Scheme = "holdout" | "folds" | "groups";

function evaluationOf(scheme: Scheme, percent: number, folds: number): RunRequest["evaluation"] {
  if (scheme === "holdout") return { scheme: "holdout", test_fraction: percent / 100 };
  return { scheme: "cross-validation", folds: scheme === "groups" ? "groups" : folds };
}

/** Starts a training run: what to fit, on whose labels, and how it is judged. */
export function RetrainDialog({ project, onClose }: { project: Project; onClose: () => void }) {
  const { t } = useTranslation("training");
  const user = useUser();
  const navigate = useNavigate();
  const errorText = useErrorText();
  const progress = useProgress(project.id);
  const start = useStartRun(project.id);
  const questions = project.questions.filter(isTrainable);

  const [kind, setKind] = useState<"linear" | "ensemble">("linear");
  const [chosen, setChosen] = useState(questions.map((question) => question.name));
  const [kinds, setKinds] = useState<AnnotatorKind[]>(
    project.is_demo ? ["human", "simulated"] : ["human"],
  );
  const [more, setMore] = useState(false);
  const [features, setFeatures] = useState<FeatureGroup[]>([...FEATURE_GROUPS]);
  const [scheme, setScheme] = useState<Scheme>("holdout");
  const [percent, setPercent] = useState(20);
  const [folds, setFolds] = useState(5);
  const [seed, setSeed] = useState(0);

  const complete = chosen.length > 0 && kinds.length > 0 && features.length > 0;
  const submit = () =>
    start.mutate(
      {
        model: {
          kind,
          features: {
            style: features.includes("style"),
            ngrams: features.includes("ngrams"),
            encoder: features.includes("encoder"),
            given: features.includes("given"),
          },
        },
        data: { questions: chosen, annotator_kinds: kinds },
        evaluation: evaluationOf(scheme, percent, folds),
        seed,
      },
      { onSuccess: (run) => navigate(`/projects/${project.id}/runs/${run.id}`) },
    );

  return (
    <Modal opened onClose={onClose} title={t("retrain.title")} size="lg">
      <Stack gap="md">
        <Radio.Group
          label={t("retrain.kind")}
          value={kind}
          onChange={(value) => setKind(value as "linear" | "ensemble")}
        >
          <Stack gap="xs" mt="xs">
            {(["linear", "ensemble"] as const).map((value) => (
              <Radio
                key={value}
                value={value}
                label={t(`kind.${value}`)}
                description={t(`retrain.hint.${value}`)}
              />
            ))}
          </Stack>
        </Radio.Group>
        {questions.length > 1 && (
          <Checkbox.Group label={t("retrain.questions")} value={chosen} onChange={setChosen}>
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
          onChange={setKinds}
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
            <Checkbox.Group
              label={t("retrain.features")}
              value={features}
              onChange={(value) =>
                setFeatures(FEATURE_GROUPS.filter((group) => value.includes(group)))
              }
            >
              <Stack gap="xs" mt="xs">
                {FEATURE_GROUPS.map((group) => (
                  <Checkbox
                    key={group}
                    value={group}
                    label={t(`features.${group}.name`)}
                    description={t(`features.${group}.hint`)}
                  />
                ))}
              </Stack>
            </Checkbox.Group>
            <div>
              <SegmentedControl
                size="xs"
                aria-label={t("retrain.evaluation")}
                value={scheme}
                onChange={(value) => setScheme(value as Scheme)}
                data={(["holdout", "folds", "groups"] as const).map((value) => ({
                  value,
                  label: t(`retrain.scheme.${value}`),
                }))}
              />
              {scheme === "holdout" && (
                <NumberInput
                  mt="xs"
                  label={t("retrain.percent")}
                  value={percent}
                  onChange={(value) => setPercent(Number(value))}
                  min={5}
                  max={50}
                  suffix=" %"
                />
              )}
              {scheme === "folds" && (
                <NumberInput
                  mt="xs"
                  label={t("retrain.folds")}
                  value={folds}
                  onChange={(value) => setFolds(Number(value))}
                  min={2}
                  max={50}
                  allowDecimal={false}
                />
              )}
            </div>
            <NumberInput
              label={t("retrain.seed")}
              description={t("retrain.seedHint")}
              value={seed}
              onChange={(value) => setSeed(Number(value))}
              min={0}
              max={2 ** 31 - 1}
              allowDecimal={false}
            />
          </Stack>
        </Collapse>
        {start.isError && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {errorText(start.error)}
          </Alert>
        )}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button onClick={submit} disabled={!complete} loading={start.isPending}>
            {t("retrain.start")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
