import { Checkbox, Group, NumberInput, Radio, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Answers, Question, Tolerance } from "../api/types";
import { KIND_WORDS, kindOf, wordsOf } from "../kinds";
import type { ToleranceField } from "../kinds/kind";

type Part = Record<string, unknown>;

/** How far answers may be from the known ones, question by question, in the question's own terms. */
export function ToleranceEditor({
  questions,
  answers,
  value,
  onChange,
}: {
  questions: readonly Question[];
  /** The known answers; questions without one have no tolerance. */
  answers: Answers;
  value: Tolerance;
  onChange: (value: Tolerance) => void;
}) {
  const known = questions.filter((question) => answers[question.name]);
  return (
    <Stack gap="sm">
      {known.map((question) => {
        const fields = kindOf(question)?.tolerance?.(question) ?? [];
        const part = (value[question.name] ?? {}) as Part;
        return (
          fields.length > 0 && (
            <Stack key={question.name} gap="xs">
              {known.length > 1 && (
                <Text size="sm" fw={500}>
                  {question.title}
                </Text>
              )}
              {fields.map((field) => (
                <Field
                  key={field.name}
                  kind={question.kind}
                  field={field}
                  value={part[field.name]}
                  onChange={(changed) =>
                    onChange({ ...value, [question.name]: { ...part, [field.name]: changed } })
                  }
                />
              ))}
            </Stack>
          )
        );
      })}
    </Stack>
  );
}

function Field({
  kind,
  field,
  value,
  onChange,
}: {
  kind: Question["kind"];
  field: ToleranceField;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const { t } = useTranslation(KIND_WORDS);
  const say = (key: string) => t(`${wordsOf(kind)}:tolerance.${field.name}.${key}`);
  const label = say("label");
  switch (field.type) {
    case "flag":
      return (
        <Checkbox
          label={label}
          checked={value === true}
          onChange={(event) => onChange(event.currentTarget.checked)}
        />
      );
    case "one":
      return (
        <Radio.Group label={label} value={String(value ?? field.options[0])} onChange={onChange}>
          <Group gap="md" mt={4}>
            {field.options.map((option) => (
              <Radio key={option} value={option} label={say(`option.${option}`)} />
            ))}
          </Group>
        </Radio.Group>
      );
    case "several":
      return (
        <Checkbox.Group
          label={label}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={onChange}
        >
          <Group gap="md" mt={4}>
            {field.options.map((option) => (
              <Checkbox key={option} value={option} label={say(`option.${option}`)} />
            ))}
          </Group>
        </Checkbox.Group>
      );
    case "share":
      return (
        <NumberInput
          label={label}
          value={typeof value === "number" ? Math.round(value * 100) : ""}
          onChange={(percent) => percent !== "" && onChange(Number(percent) / 100)}
          min={0}
          max={100}
          suffix=" %"
          maw={320}
        />
      );
    default:
      return (
        <NumberInput
          label={label}
          value={typeof value === "number" ? value : ""}
          onChange={(number) => number !== "" && onChange(Number(number))}
          min={0}
          max={field.most}
          allowDecimal={field.type === "number"}
          maw={320}
        />
      );
  }
}
