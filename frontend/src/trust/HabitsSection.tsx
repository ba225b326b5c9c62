import { Alert, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ChartFrame } from "../charts/ChartFrame";
import { Curves } from "../charts/Curves";
import { DataTable } from "../charts/DataTable";
import { type Formats, useFormats } from "../charts/format";
import { IntervalPlot } from "../charts/IntervalPlot";
import { KindBadge } from "../charts/KindBadge";
import { Section } from "../shared/Section";
import { around, HABITS, type HabitName, habitsThatStandOut, striking } from "./habits";
import type { Bias, Drift, Habit } from "./types";

/** A reading in plain words, with the values it rests on. */
function useReadingText(): (name: HabitName, habit: Habit, whose: "own" | "project") => string {
  const { t } = useTranslation("trust");
  const formats = useFormats();
  return (name, habit, whose) => {
    const { values } = habit;
    const percent = (value: number | undefined) =>
      value === undefined ? "–" : formats.percent(value);
    return t(`reading.${whose}.${name}.${habit.reading}`, {
      value: percent(values.value),
      usual: percent(values.usual),
      quick: percent(values.quick),
      slow: percent(values.slow),
      early: percent(values.early),
      late: percent(values.late),
      n: formats.count(values.n ?? habit.n),
      needed: formats.count(values.needed ?? 0),
    });
  };
}

function HabitCell({ habit, name, formats }: { habit: Habit; name: HabitName; formats: Formats }) {
  const { t } = useTranslation();
  if (habit.value === null || !habit.interval) return <>–</>;
  const rate = name === "first_position" || name === "longer";
  const text = (value: number) => (rate ? formats.percent(value) : formats.points(value));
  return (
    <>
      {text(habit.value)}
      <Text size="xs" c="var(--quiet)" style={{ whiteSpace: "nowrap" }}>
        {t("figure.interval", { low: text(habit.interval[0]), high: text(habit.interval[1]) })}
      </Text>
    </>
  );
}

function Course({ drift }: { drift: Drift }) {
  const { t } = useTranslation("trust");
  const formats = useFormats();
  const points = drift.course ?? [];
  if (points.length < 2) return null;
  const at = (x: number) => t("drift.part", { number: formats.percent(x) });
  return (
    <ChartFrame
      title={t("drift.title")}
      sentence={t("drift.sentence")}
      columns={[
        { key: "at", title: t("drift.x") },
        { key: "value", title: t("drift.y"), numeric: true },
        { key: "low", title: t("charts:low"), numeric: true },
        { key: "high", title: t("charts:high"), numeric: true },
        { key: "n", title: t("columns.labels"), numeric: true },
      ]}
      rows={points.map((point) => ({
        key: String(point.at),
        cells: [
          at(point.at),
          formats.percent(point.value, 1),
          point.low === null ? "–" : formats.percent(point.low, 1),
          point.high === null ? "–" : formats.percent(point.high, 1),
          formats.count(point.n),
        ],
      }))}
    >
      <Curves
        label={t("drift.title")}
        style="percent"
        xLabel={t("drift.x")}
        xText={(x) => formats.percent(x)}
        series={[
          {
            key: "agreement",
            label: t("drift.y"),
            points: points.map((point) => ({
              x: point.at,
              value: point.value,
              low: point.low,
              high: point.high,
            })),
          },
        ]}
      />
    </ChartFrame>
  );
}

/** Habits that have nothing to do with the outputs: of all together, then of those who stand out. */
export function HabitsSection({ bias }: { bias: Bias }) {
  const { t } = useTranslation("trust");
  const formats = useFormats();
  const readingText = useReadingText();
  const { project } = bias;
  const rates = [project.first_position, project.longer];
  const differences = [project.hurry, project.drift];
  const said = striking(bias.annotators);
  const edges = around(differences);
  const figure = (habit: Habit) => ({
    value: habit.value,
    interval: habit.interval,
    n: habit.n,
    reason: t("tooFew", {
      n: formats.count(habit.n),
      needed: formats.count(habit.values.needed ?? 0),
    }),
  });
  return (
    <Section title={t("habits.title")} hint={t("habits.hint")}>
      <Stack component="ul" gap={4} m={0} ps="md">
        {HABITS.map((name) => (
          <li key={name}>{readingText(name, project[name], "project")}</li>
        ))}
      </Stack>
      {rates.some((habit) => habit.value !== null) && (
        <IntervalPlot
          label={t("habits.rates")}
          domain={[0, 1]}
          ticks={[0, 0.25, 0.5, 0.75, 1]}
          guides={[0.5]}
          style="percent"
          rows={(["first_position", "longer"] as const).map((name) => ({
            key: name,
            label: t(`habit.${name}`),
            figure: figure(project[name]),
          }))}
        />
      )}
      {differences.some((habit) => habit.value !== null) && (
        <IntervalPlot
          label={t("habits.differences")}
          domain={edges}
          ticks={[edges[0], 0, edges[1]]}
          guides={[0]}
          style="percent"
          rows={(["hurry", "drift"] as const).map((name) => ({
            key: name,
            label: t(`habit.${name}`),
            note: t(`habitNote.${name}`),
            figure: figure(project[name]),
          }))}
        />
      )}
      <Course drift={project.drift} />
      {bias.annotators.length > 0 && said.length === 0 && (
        <Text fw={600}>{t("habits.nobody")}</Text>
      )}
      {said.map((one) => (
        <Alert
          key={one.name}
          color="orange"
          variant="light"
          icon={<IconAlertTriangle />}
          title={one.name}
          styles={{ title: { color: "var(--mantine-color-text)" } }}
        >
          {habitsThatStandOut(one).map((name) => (
            <div key={name}>{readingText(name, one[name], "own")}</div>
          ))}
        </Alert>
      ))}
      {bias.annotators.length > 0 && (
        <DataTable
          caption={t("habits.table")}
          columns={[
            { key: "name", title: t("columns.name") },
            { key: "kind", title: t("columns.kind") },
            { key: "labels", title: t("columns.labels"), numeric: true },
            ...HABITS.map((name) => ({ key: name, title: t(`habit.${name}`), numeric: true })),
          ]}
          rows={bias.annotators.map((one) => ({
            key: one.name,
            cells: [
              one.name,
              <KindBadge key="kind" kind={one.kind} />,
              formats.count(one.judgments),
              ...HABITS.map((name) => (
                <HabitCell key={name} habit={one[name]} name={name} formats={formats} />
              )),
            ],
          }))}
        />
      )}
      <Text size="xs" c="var(--quiet)">
        {t("habits.note")}
      </Text>
    </Section>
  );
}
