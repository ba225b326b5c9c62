import { Alert, Button, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { Project } from "../api/types";
import { FormError, useFieldError } from "../shared/FormError";
import { Section } from "../shared/Section";
import { draftsOf, questionsOf } from "./drafts";
import { GuidelinesEditor } from "./GuidelinesEditor";
import { type ProjectChange, useUpdateProject } from "./project";
import { QuestionsEditor } from "./QuestionsEditor";

/** Saves a wording, and notices when somebody else has saved another meanwhile. */
function useWording(onSaved: (project: Project) => void) {
  const { t } = useTranslation("settings");
  const project = useProject();
  const [base, setBase] = useState(project.revision);
  const save = useUpdateProject(project.id);
  const submit = (change: ProjectChange) =>
    save.mutate(change, {
      onSuccess: (saved) => {
        notifications.show({ message: t("revisionSaved", { number: saved.revision }) });
        setBase(saved.revision);
        onSaved(saved);
      },
    });
  return { save, submit, isOverwriting: project.revision !== base };
}

function SaveBar({
  changed,
  loading,
  error,
  isOverwriting,
  onSave,
  onReset,
}: {
  changed: boolean;
  loading: boolean;
  error: unknown;
  isOverwriting: boolean;
  onSave: () => void;
  onReset: () => void;
}) {
  const { t } = useTranslation("settings");
  return (
    <Stack gap="sm">
      {isOverwriting && changed && <Alert color="yellow">{t("changedMeanwhile")}</Alert>}
      <FormError error={error} />
      <Group>
        <Button onClick={onSave} loading={loading} disabled={!changed}>
          {t("saveRevision")}
        </Button>
        {changed && (
          <Button variant="subtle" onClick={onReset}>
            {t("discard")}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

export function QuestionsTab() {
  const { t } = useTranslation("settings");
  const project = useProject();
  const [drafts, setDrafts] = useState(() => draftsOf(project.questions));
  const { save, submit, isOverwriting } = useWording((saved) =>
    setDrafts(draftsOf(saved.questions)),
  );
  const questions = questionsOf(drafts);
  const changed = JSON.stringify(questions) !== JSON.stringify(project.questions);
  return (
    <Section title={t("tab.questions")} hint={t("questionsHint")}>
      <QuestionsEditor drafts={drafts} onChange={setDrafts} error={save.error} />
      <SaveBar
        changed={changed}
        loading={save.isPending}
        error={save.error}
        isOverwriting={isOverwriting}
        onSave={() => submit({ questions })}
        onReset={() => {
          save.reset();
          setDrafts(draftsOf(project.questions));
        }}
      />
    </Section>
  );
}

export function GuidelinesTab() {
  const { t } = useTranslation("settings");
  const project = useProject();
  const [text, setText] = useState<string | null>(null);
  const { save, submit, isOverwriting } = useWording(() => setText(null));
  const at = useFieldError(save.error);
  const shown = text ?? project.guidelines;
  return (
    <Section title={t("guidelines.title")} hint={t("guidelines.where")}>
      <GuidelinesEditor value={shown} onChange={setText} error={at("guidelines")} />
      <SaveBar
        changed={shown !== project.guidelines}
        loading={save.isPending}
        error={save.error}
        isOverwriting={isOverwriting}
        onSave={() => submit({ guidelines: shown })}
        onReset={() => setText(null)}
      />
    </Section>
  );
}
