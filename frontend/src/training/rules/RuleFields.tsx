import { Code, Group, NumberInput, Select, Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { CheckName, NumberDraft, RuleDraft, RuleOf } from "./draft";

interface Fields<C extends CheckName> {
  rule: RuleOf<C>;
  set: (change: Partial<RuleOf<C>>) => void;
  at: (field: string) => string | undefined;
}

const numberOf = (value: string | number): NumberDraft => (value === "" ? "" : Number(value));

/** What a check expects, in whole sentences. */
function Expect<T extends string>({
  check,
  words,
  value,
  onChange,
}: {
  check: CheckName;
  words: readonly T[];
  value: T;
  onChange: (value: T) => void;
}) {
  const { t } = useTranslation("rules");
  return (
    <Select
      label={t("field.expect")}
      allowDeselect={false}
      value={value}
      onChange={(chosen) => {
        const word = words.find((one) => one === chosen);
        if (word) onChange(word);
      }}
      data={words.map((word) => ({ value: word, label: t(`expect.${check}.${word}`) }))}
    />
  );
}

function LengthFields({ rule, set, at }: Fields<"length">) {
  const { t } = useTranslation("rules");
  return (
    <Group align="start" gap="sm">
      <NumberInput
        flex="1 1 110px"
        label={t("field.min")}
        value={rule.min}
        onChange={(min) => set({ min: numberOf(min) })}
        error={at("min")}
        min={0}
        max={1_000_000}
        allowDecimal={false}
      />
      <NumberInput
        flex="1 1 110px"
        label={t("field.max")}
        value={rule.max}
        onChange={(max) => set({ max: numberOf(max) })}
        error={at("max")}
        min={0}
        max={1_000_000}
        allowDecimal={false}
      />
      <Select
        flex="1 1 140px"
        label={t("field.unit")}
        allowDeselect={false}
        value={rule.unit}
        onChange={(unit) => set({ unit: unit === "characters" ? "characters" : "words" })}
        data={(["words", "characters"] as const).map((unit) => ({
          value: unit,
          label: t(`unit.${unit}`),
        }))}
      />
    </Group>
  );
}

function PatternFields({ rule, set, at }: Fields<"pattern">) {
  const { t } = useTranslation("rules");
  return (
    <>
      <TextInput
        label={t("field.pattern")}
        description={
          <>
            {t("field.patternHint")} <Code>\b\d+ %</Code>
          </>
        }
        value={rule.pattern}
        onChange={(event) => set({ pattern: event.currentTarget.value })}
        error={at("pattern")}
        maxLength={1000}
        ff="monospace"
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
      />
      <Expect
        check="pattern"
        words={["present", "absent"] as const}
        value={rule.expect}
        onChange={(expect) => set({ expect })}
      />
      <Switch
        label={t("field.ignoreCase")}
        checked={rule.ignore_case}
        onChange={(event) => set({ ignore_case: event.currentTarget.checked })}
      />
    </>
  );
}

function TermsFields({ rule, set, at }: Fields<"terms">) {
  const { t } = useTranslation("rules");
  return (
    <>
      <Textarea
        label={t("field.terms")}
        description={t("field.termsHint")}
        value={rule.terms}
        onChange={(event) => set({ terms: event.currentTarget.value })}
        error={at("terms")}
        autosize
        minRows={2}
        maxRows={8}
      />
      <Expect
        check="terms"
        words={["any", "all", "none"] as const}
        value={rule.expect}
        onChange={(expect) => set({ expect })}
      />
    </>
  );
}

function RepetitionFields({ rule, set, at }: Fields<"repetition">) {
  const { t } = useTranslation("rules");
  return (
    <Group align="start" gap="sm">
      <NumberInput
        flex="1 1 160px"
        label={t("field.most")}
        value={rule.most}
        onChange={(most) => set({ most: numberOf(most) })}
        error={at("most")}
        min={0}
        max={100}
        suffix=" %"
      />
      <NumberInput
        flex="1 1 160px"
        label={t("field.size")}
        value={rule.size}
        onChange={(size) => set({ size: numberOf(size) })}
        error={at("size")}
        min={2}
        max={20}
        allowDecimal={false}
      />
    </Group>
  );
}

/** The fields of a check, each kind its own. */
export function RuleFields({
  rule,
  onChange,
  at,
}: {
  rule: RuleDraft;
  onChange: (rule: RuleDraft) => void;
  at: (field: string) => string | undefined;
}) {
  const { t } = useTranslation("rules");
  const set = (change: object) => onChange({ ...rule, ...change } as RuleDraft);
  switch (rule.check) {
    case "length":
      return <LengthFields rule={rule} set={set} at={at} />;
    case "pattern":
      return <PatternFields rule={rule} set={set} at={at} />;
    case "terms":
      return <TermsFields rule={rule} set={set} at={at} />;
    case "json":
      return (
        <Textarea
          label={t("field.keys")}
          description={t("field.keysHint")}
          value={rule.keys}
          onChange={(event) => set({ keys: event.currentTarget.value })}
          error={at("keys")}
          autosize
          minRows={1}
          maxRows={6}
        />
      );
    case "repetition":
      return <RepetitionFields rule={rule} set={set} at={at} />;
    case "refusal":
      return (
        <Expect
          check="refusal"
          words={["absent", "present"] as const}
          value={rule.expect}
          onChange={(expect) => set({ expect })}
        />
      );
  }
}
