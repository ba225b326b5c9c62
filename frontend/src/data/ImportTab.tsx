import { Alert, Button, Group, Progress, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProject } from "../api/projects";
import { FormError } from "../shared/FormError";
import { Section } from "../shared/Section";
import { ColumnPicker } from "./columns/ColumnPicker";
import { fitted } from "./columns/column-map";
import { FileDrop } from "./FileDrop";
import { useRecipes } from "./imports";
import { PastImports } from "./PastImports";
import { Preview } from "./Preview";
import { ReadingOptions } from "./ReadingOptions";
import { RecipeQuestions } from "./RecipeQuestions";
import { Report } from "./Report";
import { questionsOfFormat } from "./recipe-questions";
import { type Phase, useImport } from "./useImport";

/** What goes on with the file at this moment; its room is kept while nothing does. */
function Activity({ phase }: { phase: Phase }) {
  const { t } = useTranslation("data");
  if (phase.name !== "sending" && phase.name !== "reading") return null;
  const sending = phase.name === "sending";
  const share = sending ? phase.share : phase.progress;
  const rows = phase.name === "reading" ? (phase.report?.rows_read ?? 0) : 0;
  return (
    <Stack gap={4} role="status">
      <Text size="sm">
        {t(sending ? "import.sending" : `import.reading.${phase.purpose}`)}
        {rows > 0 && ` ${t("import.rows", { count: rows })}`}
      </Text>
      <Progress
        value={share > 0 ? share * 100 : 100}
        animated={share === 0}
        striped={share === 0}
        aria-label={t(sending ? "import.sending" : `import.reading.${phase.purpose}`)}
      />
    </Stack>
  );
}

/** A size in the unit that suits it. */
function sizeText(bytes: number, language: string | undefined): string {
  const small = bytes < 1e6;
  const format = new Intl.NumberFormat(language, {
    style: "unit",
    unit: small ? "kilobyte" : "megabyte",
    maximumFractionDigits: 1,
  });
  return format.format(bytes / (small ? 1e3 : 1e6));
}

export function ImportTab() {
  const { t, i18n } = useTranslation("data");
  const project = useProject();
  const recipes = useRecipes();
  const { file, reading, look, phase, choose, change, recheck, start, reset } = useImport(project);
  const recipe = recipes.data?.find(({ name }) => name === reading.recipe);
  const busy = phase.name === "sending" || phase.name === "reading";

  if (phase.name === "done") {
    return (
      <Stack gap="md">
        <Section title={t("report.title", { file: phase.report.filename })}>
          <Report report={phase.report} />
          <Group>
            <Button onClick={reset}>{t("import.another")}</Button>
            <Button component={Link} to="../label" relative="path" variant="default">
              {t("import.toLabel")}
            </Button>
          </Group>
        </Section>
        <PastImports project={project.id} />
      </Stack>
    );
  }
  if (!file) {
    return (
      <Stack gap="md">
        <Section title={t("import.title")} hint={t("import.hint")}>
          <FileDrop onFile={choose} />
        </Section>
        <PastImports project={project.id} />
      </Stack>
    );
  }

  const detectedMap = look?.detected_map ? fitted(look.detected_map, project.questions) : null;
  const needed =
    recipe?.questions ??
    (look && !reading.map ? questionsOfFormat(look, (name) => t(`formatQuestion.${name}`)) : []);
  const ready = phase.name === "checked" && look?.status === "succeeded";
  const prompts = look?.prompts_created ?? 0;
  const brings = prompts + (look?.judgments_created ?? 0) + (look?.completions_created ?? 0) > 0;
  return (
    <Stack gap="md">
      <Section
        title={file.name}
        hint={sizeText(file.size, i18n.resolvedLanguage)}
        action={
          <Button size="xs" variant="default" onClick={reset}>
            {t("import.otherFile")}
          </Button>
        }
      >
        <ReadingOptions
          reading={reading}
          recipes={recipes.data ?? []}
          detected={look?.detected_format ?? null}
          onChange={change}
        />
        {look?.detected_recipe && look.detected_recipe === reading.recipe && (
          <Text size="sm">{t("import.recognised")}</Text>
        )}
        <RecipeQuestions project={project} questions={needed} onAdded={recheck} />
        <Activity phase={phase} />
        {phase.name === "failed" && (
          <>
            <FormError error={phase.error} />
            <Group>
              <Button
                size="xs"
                variant="default"
                onClick={() => (phase.purpose === "import" ? void start() : recheck())}
              >
                {t("common:state.retry")}
              </Button>
            </Group>
          </>
        )}
      </Section>
      {look?.columns && reading.recipe === null && (
        <ColumnPicker
          key={`${reading.format} ${look.detected_format}`}
          look={look}
          map={reading.map ?? detectedMap}
          questions={project.questions}
          onMap={(map) => change({ ...reading, map })}
        />
      )}
      {look && (
        <Section title={t("import.wouldBring")} hint={t("import.nothingWritten")}>
          <div aria-busy={busy} style={{ opacity: busy ? 0.5 : 1 }}>
            <Report report={look} />
          </div>
          {ready && !brings && <Alert color="yellow">{t("import.bringsNothing")}</Alert>}
          <Group>
            <Button
              onClick={() => void start()}
              disabled={!ready || (reading.strict && look.errors_total > 0)}
            >
              {t("import.start", { count: prompts })}
            </Button>
            {reading.strict && look.errors_total > 0 && (
              <Text size="sm">{t("import.strictRefuses")}</Text>
            )}
          </Group>
          {(look.preview?.length ?? 0) > 0 && (
            <Stack gap="xs">
              <Text fw={500} size="sm">
                {t("preview.title")}
              </Text>
              <Preview lines={look.preview ?? []} questions={project.questions} />
            </Stack>
          )}
        </Section>
      )}
    </Stack>
  );
}
