import { Button, Group, Stack, Stepper, Title } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { ApiError } from "../api/http";
import type { Template } from "../api/types";
import { FormError, useFieldError } from "../shared/FormError";
import { Page } from "../shared/Page";
import { Section } from "../shared/Section";
import { ErrorState, Loading } from "../shared/States";
import { draftsOf, questionsOf } from "./drafts";
import { GeneralFields, NEW_GENERAL } from "./GeneralFields";
import { GuidelinesEditor } from "./GuidelinesEditor";
import { useCreateProject, useTemplates } from "./project";
import { QuestionsEditor } from "./QuestionsEditor";
import { TemplateChoice } from "./TemplateChoice";
import { worded } from "./template-wording";

const STEPS = ["template", "general", "questions", "guidelines"] as const;
const LAST = STEPS.length - 1;

/** The step on which a refused field stands; the last one where no field is to blame. */
function stepOf(error: unknown): number {
  const [path] = error instanceof ApiError ? Object.keys(error.fields) : [];
  if (path === undefined || path.startsWith("guidelines")) return LAST;
  return STEPS.indexOf(path.startsWith("questions") ? "questions" : "general");
}

function Wizard({ templates }: { templates: Template[] }) {
  const { t, i18n } = useTranslation("settings");
  const navigate = useNavigate();
  const find = (name: string) => {
    const found = templates.find((template) => template.name === name) ?? templates[0];
    return found && worded(found, i18n.resolvedLanguage);
  };
  const [step, setStep] = useState(0);
  const [template, setTemplate] = useState(templates[0]?.name ?? "custom");
  const [general, setGeneral] = useState(NEW_GENERAL);
  const [drafts, setDrafts] = useState(() => draftsOf(find(template)?.questions ?? []));
  const [guidelines, setGuidelines] = useState(() => find(template)?.guidelines ?? "");
  const create = useCreateProject();
  const at = useFieldError(create.error);

  const choose = (name: string) => {
    setTemplate(name);
    setDrafts(draftsOf(find(name)?.questions ?? []));
    setGuidelines(find(name)?.guidelines ?? "");
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (step < LAST) {
      setStep(step + 1);
      return;
    }
    create.mutate(
      { ...general, template, guidelines, questions: questionsOf(drafts) },
      {
        onSuccess: (project) => navigate(`/projects/${project.id}/data`),
        onError: (error) => setStep(stepOf(error)),
      },
    );
  };

  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Stepper
          active={step}
          onStepClick={setStep}
          size="sm"
          iconSize={28}
          allowNextStepsSelect={false}
          wrap
        >
          {STEPS.map((name) => (
            <Stepper.Step key={name} label={t(`new.step.${name}`)} />
          ))}
        </Stepper>
        <Section
          title={t(`new.step.${STEPS[step] ?? "template"}`)}
          hint={t(`new.hint.${STEPS[step] ?? "template"}`)}
        >
          {step === 0 && (
            <TemplateChoice
              templates={templates.map((one) => worded(one, i18n.resolvedLanguage))}
              value={template}
              onChange={choose}
            />
          )}
          {step === 1 && (
            <GeneralFields value={general} onChange={setGeneral} at={at} full={false} />
          )}
          {step === 2 && (
            <QuestionsEditor drafts={drafts} onChange={setDrafts} error={create.error} />
          )}
          {step === 3 && (
            <GuidelinesEditor
              value={guidelines}
              onChange={setGuidelines}
              error={at("guidelines")}
            />
          )}
        </Section>
        <FormError error={create.error} />
        <Group justify="space-between">
          {step === 0 ? (
            <Button component={Link} to="/" variant="default">
              {t("common:action.cancel")}
            </Button>
          ) : (
            <Button variant="default" onClick={() => setStep(step - 1)}>
              {t("new.back")}
            </Button>
          )}
          <Button type="submit" loading={create.isPending}>
            {t(step === LAST ? "new.create" : "new.next")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

export function NewProjectPage() {
  const { t } = useTranslation("settings");
  const templates = useTemplates();
  return (
    <Page width={960}>
      <title>{`${t("new.title")} – ${t("common:appName")}`}</title>
      <Title order={1}>{t("new.title")}</Title>
      {templates.isPending && <Loading />}
      {templates.isError && <ErrorState error={templates.error} onRetry={templates.refetch} />}
      {templates.data && <Wizard templates={templates.data} />}
    </Page>
  );
}
