import { Code, List, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DataTable } from "../charts/DataTable";
import { useFormats } from "../charts/format";
import { Section } from "../shared/Section";
import type { ModelCard } from "./card-types";
import { useFigureText, useWeaknessText } from "./card-words";
import { Findings } from "./Findings";
import { usePartNames } from "./part-names";

export function FindingsSection({ card }: { card: ModelCard }) {
  const { t } = useTranslation("card");
  if (card.findings.length === 0) return null;
  return (
    <Section title={t("findings.title")}>
      <Findings findings={card.findings} />
    </Section>
  );
}

export function WeaknessSection({ card }: { card: ModelCard }) {
  const { t } = useTranslation("card");
  const weaknessText = useWeaknessText();
  return (
    <Section title={t("weaknesses.title")}>
      {card.weaknesses.length === 0 ? (
        <Text size="sm">{t("weaknesses.none")}</Text>
      ) : (
        <List spacing={4} size="sm" maw="80ch">
          {card.weaknesses.map((weakness) => (
            <List.Item key={`${weakness.code} ${weakness.names.join(" ")}`}>
              {weaknessText(weakness)}
            </List.Item>
          ))}
        </List>
      )}
    </Section>
  );
}

export function DataSection({ card }: { card: ModelCard }) {
  const { t } = useTranslation(["card", "charts"]);
  const formats = useFormats();
  const { data } = card;
  return (
    <Section title={t("data.title")}>
      <Stack gap={4}>
        <Text size="sm">{t("data.fingerprint")}</Text>
        <Code style={{ overflowWrap: "anywhere" }}>{data.fingerprint}</Code>
        {data.questions.length > 0 && (
          <Text size="sm">{t("data.questions", { names: data.questions.join(t("comma")) })}</Text>
        )}
        {data.since && <Text size="sm">{t("data.since", { at: formats.moment(data.since) })}</Text>}
      </Stack>
      <DataTable
        caption={t("data.by")}
        columns={[
          { key: "kind", title: t("data.by") },
          { key: "annotators", title: t("data.annotators"), numeric: true },
          { key: "labels", title: t("data.labels"), numeric: true },
        ]}
        rows={data.by_annotator_kind.map((row) => ({
          key: row.kind,
          cells: [
            t(`charts:kind.${row.kind}`, { defaultValue: row.kind }),
            formats.count(row.annotators ?? 0),
            formats.count(row.labels),
          ],
        }))}
      />
      {data.by_question_kind.length > 0 && (
        <DataTable
          caption={t("data.answer")}
          columns={[
            { key: "kind", title: t("data.answer") },
            { key: "answers", title: t("data.answers"), numeric: true },
          ]}
          rows={data.by_question_kind.map((row) => ({
            key: row.kind,
            cells: [t(`answer.${row.kind}`, { defaultValue: row.kind }), formats.count(row.labels)],
          }))}
        />
      )}
    </Section>
  );
}

export function AgreementSection({ card }: { card: ModelCard }) {
  const { t } = useTranslation("card");
  const figureText = useFigureText();
  const { reference } = card;
  return (
    <Section title={t("agreement.title")} hint={t("agreement.hint")}>
      {card.agreement.length === 0 ? (
        <Text size="sm">{t("agreement.none")}</Text>
      ) : (
        <DataTable
          caption={t("agreement.title")}
          columns={[
            { key: "question", title: t("agreement.question") },
            { key: "percent", title: t("agreement.percent") },
            { key: "alpha", title: t("agreement.alpha") },
          ]}
          rows={card.agreement.map((row) => ({
            key: row.question,
            cells: [
              row.question,
              figureText(row.percent, "share"),
              figureText(row.alpha, "number"),
            ],
          }))}
        />
      )}
      <Stack gap={4}>
        <Text size="sm">
          {t("agreement.reference")}: {figureText(reference.accuracy, "share")}
        </Text>
        <Text size="sm">
          {t("agreement.model")}: {figureText(reference.model, "share")}
        </Text>
      </Stack>
    </Section>
  );
}

export function FiguresSection({ card }: { card: ModelCard }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const figureText = useFigureText();
  const { split, since_promotion: since } = card;
  const rows = card.figures.map(({ name, style, figure }) => ({
    key: name,
    cells: [t(`figure.${name}`), figureText(figure, style)],
  }));
  return (
    <Section
      title={t("figures.title")}
      hint={
        split
          ? t("figures.how", {
              scheme: t(`figures.${split.scheme}`),
              n: formats.count(split.test),
            })
          : t("figures.unknown")
      }
    >
      <DataTable
        caption={t("figures.title")}
        columns={[
          { key: "name", title: t("figure.name") },
          { key: "value", title: t("figure.value") },
        ]}
        rows={[
          ...rows,
          ...(since
            ? [{ key: "since", cells: [t("figure.since"), figureText(since, "share")] }]
            : []),
        ]}
      />
    </Section>
  );
}

export function BaselineSection({ card }: { card: ModelCard }) {
  const { t } = useTranslation(["card", "training"]);
  const figureText = useFigureText();
  return (
    <Section title={t("baselines.title")}>
      {card.baselines.length === 0 ? (
        <Text size="sm">{t("baselines.none")}</Text>
      ) : (
        <DataTable
          caption={t("baselines.title")}
          columns={[
            { key: "rule", title: t("baselines.rule") },
            { key: "accuracy", title: t("baselines.accuracy") },
            { key: "balanced", title: t("baselines.balanced") },
          ]}
          rows={card.baselines.map((row) => ({
            key: row.name,
            cells: [
              t(`training:beside.${row.name}`, { defaultValue: row.name }),
              figureText(row.accuracy, "share"),
              figureText(row.length_balanced_accuracy, "share"),
            ],
          }))}
        />
      )}
    </Section>
  );
}

export function PartsSection({ card }: { card: ModelCard }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const figureText = useFigureText();
  const names = usePartNames();
  const n = formats.count(card.slices_measured);
  return (
    <Section
      title={t("parts.title")}
      hint={t(card.slices.length === 0 ? "parts.none" : "parts.sentence", { n })}
    >
      {card.slices.length > 0 && (
        <DataTable
          caption={t("parts.title")}
          columns={[
            { key: "part", title: t("parts.part") },
            { key: "verdict", title: t("parts.verdict") },
            { key: "accuracy", title: t("parts.accuracy") },
          ]}
          rows={card.slices.map((row) => ({
            key: `${row.by} ${row.name}`,
            cells: [
              `${names.dimension(row.by)}: ${names.part(row)}`,
              t(`parts.${row.verdict}`),
              figureText(row.accuracy, "share"),
            ],
          }))}
        />
      )}
    </Section>
  );
}

export function AttackSection({ card }: { card: ModelCard }) {
  const { t } = useTranslation(["card", "training"]);
  const figureText = useFigureText();
  const told = (exploitable: boolean | null) =>
    t(`attacks.${exploitable === null ? "unknown" : exploitable ? "yes" : "no"}`);
  return (
    <Section
      title={t("attacks.title")}
      hint={t(card.attacks.length === 0 ? "attacks.none" : "training:hackability.note")}
    >
      {card.attacks.length > 0 && (
        <DataTable
          caption={t("attacks.title")}
          columns={[
            { key: "attack", title: t("training:hackability.change") },
            { key: "moved", title: t("training:hackability.moved") },
            { key: "rises", title: t("training:hackability.rises") },
            { key: "exploitable", title: t("attacks.exploitable") },
          ]}
          rows={card.attacks.map((row) => ({
            key: row.attack,
            cells: [
              t(`training:hackability.attack.${row.attack}`, { defaultValue: row.attack }),
              figureText(row.change, "number"),
              figureText(row.rises, "share"),
              told(row.exploitable),
            ],
          }))}
        />
      )}
    </Section>
  );
}
