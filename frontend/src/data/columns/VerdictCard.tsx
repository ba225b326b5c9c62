import {
  ActionIcon,
  Alert,
  Group,
  Paper,
  SegmentedControl,
  Select,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { AnnotatorKind, Question } from "../../api/types";
import { ColumnSelect } from "./ColumnSelect";
import { formsOf, type Output, type Verdict, verdictFor } from "./column-map";
import { choicesOf, keyOf, meaningFor } from "./meanings";
import { OriginInput } from "./OriginInput";

const ANNOTATOR_KINDS: readonly AnnotatorKind[] = ["human", "model", "simulated"];
/** A column with as many different values as the server tells is hardly one of verdicts. */
const MANY_VALUES = 20;

interface Props<V extends Verdict> {
  verdict: V;
  onChange: (verdict: Verdict) => void;
  columns: readonly string[];
  samples: Record<string, string[]> | null;
  question: Question;
  outputs: readonly Output[];
}

/** Which answer each value of a column stands for. */
function ValuesForm(props: Props<Extract<Verdict, { form: "values" }>>) {
  const { verdict, onChange, columns, samples, question, outputs } = props;
  const { t } = useTranslation("data");
  const [extra, setExtra] = useState("");
  const choices = choicesOf(question, outputs.length);
  const data = choices.map(({ key, label }) => ({
    value: key,
    label: "text" in label ? label.text : t(label.key, label.values),
  }));
  const seen = samples?.[verdict.column] ?? [];
  const many = seen.length >= MANY_VALUES;
  // A guess brings many values that the file does not have; what was added here is shown.
  const [added, setAdded] = useState<string[]>([]);
  const values = [...new Set([...(many ? [] : seen), ...added])];

  const set = (value: string, key: string | null) => {
    const { [value]: _, ...others } = verdict.meanings;
    const meaning = choices.find((choice) => choice.key === key)?.meaning;
    onChange({ ...verdict, meanings: meaning ? { ...others, [value]: meaning } : others });
  };
  const row = (value: string, label: string) => (
    <Group key={value} gap="sm" wrap="nowrap">
      <Text size="sm" w={140} style={{ overflowWrap: "anywhere" }}>
        {label}
      </Text>
      <Select
        size="xs"
        aria-label={t("columns.meaningOf", { value: label })}
        data={data}
        placeholder={t("columns.noMeaning")}
        value={keyOf(meaningFor(verdict.meanings, value), choices)}
        onChange={(key) => set(value, key)}
        clearable
        flex="1 1 160px"
        maw={320}
      />
    </Group>
  );
  return (
    <Stack gap="sm">
      <ColumnSelect
        label={t("columns.verdictColumn")}
        columns={columns}
        samples={samples}
        value={verdict.column}
        onChange={(column) => onChange({ ...verdict, column: column ?? "", meanings: {} })}
        maw={320}
      />
      {verdict.column && (
        <Stack gap="xs">
          <Text size="sm" fw={500}>
            {t("columns.meanings")}
          </Text>
          {many && <Alert color="yellow">{t("columns.manyValues")}</Alert>}
          {values.map((value) => row(value, value))}
          {row("*", t("columns.anyOther"))}
          <Group gap="xs">
            <TextInput
              size="xs"
              aria-label={t("columns.otherValue")}
              placeholder={t("columns.otherValue")}
              value={extra}
              onChange={(event) => setExtra(event.currentTarget.value)}
            />
            <Select
              size="xs"
              aria-label={t("columns.meaningOf", { value: extra })}
              data={data}
              placeholder={t("columns.noMeaning")}
              value={null}
              disabled={extra.trim() === ""}
              onChange={(key) => {
                set(extra.trim(), key);
                setAdded([...added, extra.trim()]);
                setExtra("");
              }}
            />
          </Group>
          <Text size="xs" c="var(--quiet)">
            {t("columns.emptyValue")}
          </Text>
        </Stack>
      )}
    </Stack>
  );
}

/** A column for each output. */
function EachForm(props: Props<Extract<Verdict, { form: "each" }>>) {
  const { verdict, onChange, columns, samples, outputs } = props;
  const { t } = useTranslation("data");
  return (
    <Group align="start" gap="sm">
      {outputs.map((output, place) => (
        <ColumnSelect
          // biome-ignore lint/suspicious/noArrayIndexKey: an output is known by its place
          key={place}
          label={t("columns.answerFor", { number: place + 1, column: output.column })}
          columns={columns}
          samples={samples}
          value={verdict.columns[place] ?? null}
          onChange={(column) => {
            const all = outputs.map((_, index) => verdict.columns[index] ?? null);
            onChange({ ...verdict, columns: all.with(place, column) });
          }}
          clearable
          flex="1 1 200px"
        />
      ))}
    </Group>
  );
}

function FormOf(props: Props<Verdict>) {
  const { verdict, onChange, outputs } = props;
  const { t } = useTranslation("data");
  switch (verdict.form) {
    case "values":
      return <ValuesForm {...props} verdict={verdict} />;
    case "each":
      return <EachForm {...props} verdict={verdict} />;
    case "fixed":
      return (
        <Select
          label={t("columns.alwaysBetter")}
          data={outputs.map((output, place) => ({
            value: String(place),
            label: t("columns.outputNamed", { number: place + 1, column: output.column }),
          }))}
          value={String(verdict.choice)}
          onChange={(value) => onChange({ ...verdict, choice: Number(value) })}
          allowDeselect={false}
          maw={320}
        />
      );
    case "text":
      return (
        <ColumnSelect
          label={t("columns.textColumn")}
          columns={props.columns}
          samples={props.samples}
          value={verdict.column}
          onChange={(column) => onChange({ ...verdict, column: column ?? "" })}
          maw={320}
        />
      );
  }
}

/** How the file answers one question. */
export function VerdictCard(
  props: Omit<Props<Verdict>, "question"> & {
    questions: readonly Question[];
    onRemove: () => void;
  },
) {
  const { verdict, onChange, columns, outputs, questions, onRemove } = props;
  const { t } = useTranslation("data");
  const question = questions.find(({ name }) => name === verdict.question);
  const forms = question ? formsOf(question) : [];
  const answerable = questions.filter((one) => formsOf(one).length > 0);

  const asked = (name: string | null) => {
    const next = questions.find((one) => one.name === name);
    const blank = next && verdictFor(next, outputs.length);
    if (!blank) return;
    const { annotator, annotatorKind } = verdict;
    onChange({ ...blank, annotator, annotatorKind });
  };
  const reformed = (form: string) => {
    const { annotator, annotatorKind, question: name } = verdict;
    const base = { annotator, annotatorKind, question: name };
    if (form === "fixed") onChange({ ...base, form, choice: 0 });
    if (form === "values") onChange({ ...base, form, column: "", meanings: {} });
  };

  return (
    <Paper withBorder p="sm">
      <Stack gap="sm">
        <Group justify="space-between" align="start" wrap="nowrap">
          <Select
            label={t("columns.question")}
            data={answerable.map(({ name, title }) => ({ value: name, label: title || name }))}
            value={verdict.question}
            onChange={asked}
            error={question ? undefined : t("columns.noSuchQuestion", { name: verdict.question })}
            allowDeselect={false}
            flex="1 1 200px"
            maw={400}
          />
          <ActionIcon
            variant="subtle"
            color="red"
            aria-label={t("columns.removeVerdict")}
            onClick={onRemove}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
        <Group align="end" gap="sm">
          <OriginInput
            label={t("columns.annotator")}
            columns={columns}
            value={verdict.annotator}
            onChange={(annotator) => annotator && onChange({ ...verdict, annotator })}
          />
          <Select
            label={t("columns.annotatorKind")}
            data={ANNOTATOR_KINDS.map((kind) => ({
              value: kind,
              label: t(`annotatorKind.${kind}`),
            }))}
            value={verdict.annotatorKind}
            onChange={(value) => {
              const kind = ANNOTATOR_KINDS.find((one) => one === value);
              if (kind) onChange({ ...verdict, annotatorKind: kind });
            }}
            allowDeselect={false}
            w={160}
          />
        </Group>
        {forms.length > 1 && (
          <SegmentedControl
            aria-label={t("columns.form")}
            data={forms.map((form) => ({ value: form, label: t(`columns.forms.${form}`) }))}
            value={verdict.form}
            onChange={reformed}
            style={{ alignSelf: "start" }}
          />
        )}
        {question && <FormOf {...props} question={question} />}
      </Stack>
    </Paper>
  );
}
