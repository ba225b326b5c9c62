import {
  Alert,
  Button,
  Checkbox,
  Group,
  Modal,
  NumberInput,
  SegmentedControl,
  Stack,
  Switch,
} from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProgress } from "../api/progress";
import { useUser } from "../api/session";
import type { AnnotatorKind, Project, Retraining } from "../api/types";
import { useErrorText } from "../shared/States";
import { KindsField } from "./KindsField";
import { useSaveRetraining } from "./use-training";

const MODELS = ["linear", "ensemble", "transformer"] as const;

const orNull = (value: string | number) => (value === "" ? null : Number(value));

/** Changes when a project retrains by itself. */
export function RetrainingDialog({
  project,
  policy,
  onClose,
}: {
  project: Project;
  policy: Retraining;
  onClose: () => void;
}) {
  const { t } = useTranslation("training");
  const user = useUser();
  const errorText = useErrorText();
  const progress = useProgress(project.id);
  const save = useSaveRetraining(project.id);
  const { state: _state, ...initial } = policy;
  const [draft, setDraft] = useState(initial);
  const change = (part: Partial<typeof draft>) => setDraft({ ...draft, ...part });
  const kinds: AnnotatorKind[] = draft.data.annotator_kinds ?? ["human"];
  // What was set by a program, rules or a sum, stays until somebody takes it out.
  const offered = [...new Set([...MODELS, ...initial.models.map((model) => model.kind)])];
  return (
    <Modal opened onClose={onClose} title={t("policy.title")} size="lg">
      <Stack gap="md">
        <Switch
          checked={draft.enabled}
          onChange={(event) => change({ enabled: event.currentTarget.checked })}
          label={t("policy.enabled")}
        />
        <NumberInput
          label={t("policy.field.labels")}
          description={t("policy.field.labelsHint")}
          placeholder={t("policy.field.automatic")}
          value={draft.every_labels ?? ""}
          onChange={(value) => change({ every_labels: orNull(value) })}
          min={1}
          allowDecimal={false}
        />
        <NumberInput
          label={t("policy.field.quiet")}
          description={t("policy.field.quietHint")}
          value={draft.quiet_seconds}
          onChange={(value) => change({ quiet_seconds: Number(value) })}
          min={0}
          allowDecimal={false}
        />
        <NumberInput
          label={t("policy.field.minutes")}
          description={t("policy.field.minutesHint")}
          placeholder={t("policy.field.never")}
          value={draft.every_minutes ?? ""}
          onChange={(value) => change({ every_minutes: orNull(value) })}
          min={1}
          allowDecimal={false}
        />
        <Checkbox.Group
          label={t("policy.field.models")}
          value={draft.models.map((model) => model.kind)}
          onChange={(chosen) =>
            change({
              models: offered
                .filter((kind) => chosen.includes(kind))
                .flatMap((kind) => {
                  const kept = initial.models.filter((model) => model.kind === kind);
                  return kept.length > 0 ? kept : [{ kind }];
                }),
            })
          }
        >
          <Group mt="xs">
            {offered.map((kind) => (
              <Checkbox key={kind} value={kind} label={t(`kind.${kind}`)} />
            ))}
          </Group>
        </Checkbox.Group>
        <KindsField
          value={kinds}
          onChange={(annotator_kinds) => change({ data: { ...draft.data, annotator_kinds } })}
          progress={progress.data}
          username={user.username}
        />
        <SegmentedControl
          aria-label={t("policy.field.promotion")}
          value={draft.promotion}
          onChange={(value) => change({ promotion: value as Retraining["promotion"] })}
          data={(["if-better", "manual"] as const).map((value) => ({
            value,
            label: t(`policy.field.promote.${value}`),
          }))}
        />
        {save.isError && (
          <Alert color="red" icon={<IconAlertTriangle />} role="alert">
            {errorText(save.error)}
          </Alert>
        )}
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button
            loading={save.isPending}
            disabled={draft.models.length === 0 || kinds.length === 0}
            onClick={() => save.mutate(draft, { onSuccess: onClose })}
          >
            {t("common:action.save")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
