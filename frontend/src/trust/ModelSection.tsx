import { Alert, Anchor, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProject } from "../api/projects";
import type { Figure } from "../api/types";
import { ChartFrame } from "../charts/ChartFrame";
import { type Column, DataTable } from "../charts/DataTable";
import { useFormats } from "../charts/format";
import { IntervalPlot } from "../charts/IntervalPlot";
import { KindBadge } from "../charts/KindBadge";
import { Section } from "../shared/Section";
import { evenPair } from "./habits";
import type { AnnotatorModel, Effect, QuestionModel } from "./types";

const SHARES = { domain: [0, 1] as const, ticks: [0, 0.25, 0.5, 0.75, 1], guides: [0.5] };
const CORRELATIONS = { domain: [-1, 1] as const, ticks: [-1, -0.5, 0, 0.5, 1], guides: [0] };

/** An effect with its interval, as a share of an even pair or in points of the scale. */
function EffectText({ effect, percent }: { effect: Effect | undefined; percent: boolean }) {
  const { t } = useTranslation();
  const formats = useFormats();
  if (!effect) return <>–</>;
  const shown = percent ? evenPair(effect) : effect;
  const text = (value: number) => (percent ? formats.percent(value) : formats.signed(value));
  return (
    <>
      {text(shown.value)}
      {shown.interval && (
        <Text size="xs" c="var(--quiet)" style={{ whiteSpace: "nowrap" }}>
          {t("figure.interval", { low: text(shown.interval[0]), high: text(shown.interval[1]) })}
        </Text>
      )}
    </>
  );
}

function useHeldOut(question: QuestionModel): string | null {
  const { t } = useTranslation("trust");
  const formats = useFormats();
  const found = question.held_out;
  if (!found) return null;
  const { model, majority, difference } = found;
  if (!difference?.interval || difference.value === null) {
    return found.needed ? t("heldOut.few", { n: found.n, needed: found.needed }) : null;
  }
  const [low, high] = difference.interval;
  const reading = low > 0 ? "better" : high < 0 ? "worse" : "same";
  return t(`heldOut.${reading}`, {
    model: formats.percent(model?.value ?? 0, 1),
    majority: formats.percent(majority?.value ?? 0, 1),
    difference: formats.points(difference.value),
    low: formats.points(low),
    high: formats.points(high),
    n: formats.count(found.n),
  });
}

function Labels({ question }: { question: QuestionModel }) {
  const { t } = useTranslation("trust");
  const formats = useFormats();
  const project = useProject();
  const labels = question.labels;
  if (!labels) return null;
  if (labels.mean_error !== undefined && labels.mean_shift !== undefined) {
    return (
      <Text size="sm">
        {t("labels.scores", {
          units: formats.count(labels.units),
          error: formats.number(labels.mean_error),
          shift: formats.number(labels.mean_shift),
        })}
      </Text>
    );
  }
  return (
    <Stack gap={4}>
      <Text size="sm">
        {t("labels.sure", {
          units: formats.count(labels.units),
          sure: formats.count(labels.sure ?? 0),
          from: formats.percent(labels.sure_from ?? 0),
        })}{" "}
        {t("labels.outvoted", { count: labels.outvoted ?? 0 })}
      </Text>
      {labels.examples && labels.examples.length > 0 && (
        <details>
          <summary style={{ cursor: "pointer" }}>{t("labels.examples")}</summary>
          <Stack component="ul" gap={2} my={4} ps="md">
            {labels.examples.map((one) => (
              <Text component="li" size="sm" key={`${one.prompt} ${one.probability}`}>
                <Anchor
                  component={Link}
                  to={`/projects/${project.id}/data?tab=prompts&q=${encodeURIComponent(one.prompt)}`}
                >
                  {one.prompt}
                </Anchor>{" "}
                {t("labels.probability", { value: formats.percent(one.probability) })}
              </Text>
            ))}
          </Stack>
        </details>
      )}
    </Stack>
  );
}

function columnsOf(model: QuestionModel["model"]): ("position" | "longer" | "offset" | "scale")[] {
  if (model === "bradley_terry") return ["position", "longer"];
  return model === "ratings" ? ["offset", "scale"] : [];
}

/** The annotators of one question: how often each is right, what stands out, and what that is worth. */
export function ModelSection({ question }: { question: QuestionModel }) {
  const { t } = useTranslation("trust");
  const formats = useFormats();
  const heldOut = useHeldOut(question);
  const asked = useProject().questions.find((one) => one.name === question.name);
  const title = t("model.title", { question: asked?.title || question.name });
  if (!question.model) {
    return (
      <Section title={title}>
        <Text size="sm" c="var(--quiet)">
          {t(`noModel.${question.reason ?? "no_model"}`, { needed: question.needed })}
        </Text>
      </Section>
    );
  }
  const flagged = question.annotators.filter((one) => one.flags.length > 0);
  const scale = question.model === "ratings" ? CORRELATIONS : SHARES;
  const style = question.model === "ratings" ? "number" : "percent";
  const effects = columnsOf(question.model);
  const figure = (one: AnnotatorModel): Figure => ({
    value: one.competence,
    interval: one.competence_interval,
    n: one.shared,
  });
  const ranked = question.annotators
    .filter((one) => one.competence !== null)
    .sort((a, b) => (b.competence ?? 0) - (a.competence ?? 0));
  const unknown = question.annotators.filter((one) => one.competence === null);
  const written = (value: number | null | undefined) =>
    typeof value === "number"
      ? style === "percent"
        ? formats.percent(value, 1)
        : formats.number(value)
      : "–";
  const columns: Column[] = [
    { key: "name", title: t("columns.name") },
    { key: "kind", title: t("columns.kind") },
    { key: "labels", title: t("columns.labels"), numeric: true },
    ...effects.map((name) => ({ key: name, title: t(`columns.${name}`), numeric: true })),
    { key: "flags", title: t("columns.flags") },
  ];
  return (
    <Section title={title} hint={t(`model.${question.model}`)}>
      {flagged.length === 0 && <Text fw={600}>{t("model.nobody")}</Text>}
      {flagged.map((one) => (
        <Alert
          key={one.name}
          color="orange"
          variant="light"
          icon={<IconAlertTriangle />}
          title={one.name}
          styles={{ title: { color: "var(--mantine-color-text)" } }}
        >
          {one.flags.map((flag) => (
            <div key={flag}>{t(`flag.${flag}`)}</div>
          ))}
        </Alert>
      ))}
      <ChartFrame
        title={t(`competence.${question.model}`)}
        sentence={t(`competence.sentence.${question.model}`)}
        columns={[
          { key: "name", title: t("columns.name") },
          { key: "value", title: t("columns.competence"), numeric: true },
          { key: "low", title: t("charts:low"), numeric: true },
          { key: "high", title: t("charts:high"), numeric: true },
          { key: "n", title: t("columns.shared"), numeric: true },
        ]}
        rows={ranked.map((one) => ({
          key: one.name,
          cells: [
            one.name,
            written(one.competence),
            written(one.competence_interval?.[0]),
            written(one.competence_interval?.[1]),
            formats.count(one.shared),
          ],
        }))}
        note={t("competence.note")}
      >
        <IntervalPlot
          label={t(`competence.${question.model}`)}
          domain={scale.domain}
          ticks={scale.ticks}
          guides={scale.guides}
          style={style}
          rows={ranked.map((one) => ({
            key: one.name,
            label: one.name,
            tone: one.flags.length > 0 ? ("reference" as const) : ("main" as const),
            figure: figure(one),
          }))}
        />
      </ChartFrame>
      {unknown.length > 0 && (
        <Text size="sm" c="var(--quiet)">
          {t("competence.unknown", {
            needed: unknown[0]?.needed ?? 0,
            names: unknown.map((one) => `${one.name} (${formats.count(one.shared)})`).join(", "),
          })}
        </Text>
      )}
      <DataTable
        caption={t("columns.caption")}
        columns={columns}
        rows={question.annotators.map((one) => ({
          key: one.name,
          cells: [
            one.name,
            <KindBadge key="kind" kind={one.kind} />,
            formats.count(one.labels),
            ...effects.map((name) => (
              <EffectText
                key={name}
                effect={one.effects[name]}
                percent={question.model === "bradley_terry"}
              />
            )),
            one.flags.length > 0
              ? one.flags.map((flag) => t(`short.${flag}`)).join(", ")
              : one.reason
                ? t("short.not_enough")
                : t("short.none"),
          ],
        }))}
      />
      <Stack gap={4}>
        {heldOut && <Text size="sm">{heldOut}</Text>}
        <Labels question={question} />
      </Stack>
    </Section>
  );
}
