import { Stack, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import { DataTable } from "../charts/DataTable";
import { useFormats } from "../charts/format";
import { IntervalPlot } from "../charts/IntervalPlot";
import { Section } from "../shared/Section";
import type { QuestionRepeats, Repeats } from "./types";

function Question({ question }: { question: QuestionRepeats }) {
  const { t } = useTranslation("trust");
  const formats = useFormats();
  const asked = useProject().questions.find((one) => one.name === question.name);
  const title = asked?.title || question.name;
  const { self_agreement: own, agreement_with_others: others, taste, shares } = question;
  if (question.reason || !own || own.value === null) {
    return (
      <Stack gap={4}>
        <Title order={3} size="h5">
          {title}
        </Title>
        <Text size="sm" c="var(--quiet)">
          {t("repeats.few", { count: question.repeats, needed: question.needed })}
        </Text>
      </Stack>
    );
  }
  const said = question.annotators.filter((one) => one.self_agreement !== null);
  return (
    <Stack gap="sm">
      <Title order={3} size="h5">
        {title}
      </Title>
      <Text fw={600}>
        {t("repeats.self", {
          value: formats.percent(own.value),
          count: question.repeats,
          n: formats.count(question.repeats),
        })}
        {others?.value !== null && others !== null && taste.value !== null && (
          <>
            {" "}
            {t(taste.value > 0 ? "repeats.taste" : "repeats.noTaste", {
              others: formats.percent(others.value ?? 0),
              taste: formats.percent(Math.max(taste.value, 0)),
              noise: formats.percent(1 - own.value),
            })}
          </>
        )}
      </Text>
      {question.reading !== "no_swapped" && question.reading !== "not_enough" && (
        <Text size="sm">{t(`repeats.reading.${question.reading}`)}</Text>
      )}
      {shares && (
        <IntervalPlot
          label={t("repeats.shares")}
          domain={[-0.5, 1]}
          ticks={[-0.5, 0, 0.5, 1]}
          guides={[0]}
          style="percent"
          rows={(["view", "position", "chance"] as const).map((name) => ({
            key: name,
            label: t(`repeats.share.${name}`),
            note: t(`repeats.shareNote.${name}`),
            figure: { ...shares[name], n: question.repeats },
          }))}
        />
      )}
      {said.length > 0 && (
        <DataTable
          caption={t("repeats.table")}
          columns={[
            { key: "name", title: t("columns.name") },
            { key: "repeats", title: t("repeats.number"), numeric: true },
            { key: "self", title: t("repeats.selfColumn"), numeric: true },
            { key: "view", title: t("repeats.share.view"), numeric: true },
            { key: "position", title: t("repeats.share.position"), numeric: true },
            { key: "chance", title: t("repeats.share.chance"), numeric: true },
          ]}
          rows={said.map((one) => ({
            key: one.name,
            cells: [
              one.name,
              formats.count(one.repeats),
              formats.percent(one.self_agreement?.value ?? 0),
              ...(["view", "position", "chance"] as const).map((name) => {
                const value = one.shares?.[name].value;
                return typeof value === "number" ? formats.percent(value) : "–";
              }),
            ],
          }))}
        />
      )}
    </Stack>
  );
}

/** What people answered when the same item came again the other way round. */
export function RepeatsSection({ repeats }: { repeats: Repeats }) {
  const { t } = useTranslation("trust");
  return (
    <Section title={t("repeats.title")} hint={t("repeats.hint")}>
      {repeats.repeats === 0 ? (
        <Text size="sm" c="var(--quiet)">
          {t("repeats.none")}
        </Text>
      ) : (
        repeats.questions.map((question) => <Question key={question.name} question={question} />)
      )}
    </Section>
  );
}
