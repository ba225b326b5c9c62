import { Button, Group, NumberInput, SegmentedControl, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { LIMITS, type LinearDraft, readsHeads } from "./linear-draft";

const numberOf = (value: string | number) => (value === "" ? "" : Number(value));

/** One of a few words, with what they mean below. */
function Choice<K extends "loss" | "optimizer" | "criteria">({
  name,
  words,
  value,
  onChange,
}: {
  name: K;
  words: LinearDraft[K][];
  value: LinearDraft;
  onChange: (value: LinearDraft) => void;
}) {
  const { t } = useTranslation("model-page");
  return (
    <Stack gap={4} align="start">
      <Text size="sm" fw={600}>
        {t(`textbook.${name}`)}
      </Text>
      <SegmentedControl
        size="xs"
        maw="100%"
        aria-label={t(`textbook.${name}`)}
        value={value[name]}
        onChange={(word) => onChange({ ...value, [name]: word })}
        data={words.map((word) => ({ value: word, label: t(`textbook.${word}`) }))}
      />
      <Text size="xs" c="var(--quiet)">
        {t(`textbook.${name}Hint`)}
      </Text>
    </Stack>
  );
}

/** By which loss and how a linear model is fitted, down to the textbook's settings. */
export function LinearFields({
  value,
  onChange,
  onNumbersAlone,
  at,
}: {
  value: LinearDraft;
  onChange: (value: LinearDraft) => void;
  /** Reads the given numbers and no other features. */
  onNumbersAlone: () => void;
  at: (field: string) => string | undefined;
}) {
  const { t } = useTranslation("model-page");
  return (
    <>
      <Stack gap={4} align="start">
        <Button size="xs" variant="default" onClick={onNumbersAlone}>
          {t("textbook.only")}
        </Button>
        <Text size="xs" c="var(--quiet)">
          {t("textbook.onlyHint")}
        </Text>
      </Stack>
      <Choice name="loss" words={["preference", "squared"]} value={value} onChange={onChange} />
      <Choice name="optimizer" words={["newton", "adam"]} value={value} onChange={onChange} />
      {value.optimizer === "adam" && (
        <Group grow align="start">
          <NumberInput
            label={t("textbook.rate")}
            description={t("textbook.rateHint")}
            value={value.learning_rate}
            onChange={(rate) => onChange({ ...value, learning_rate: numberOf(rate) })}
            error={at("learning_rate")}
            min={LIMITS.learning_rate[0]}
            step={0.01}
            decimalScale={6}
          />
          <NumberInput
            label={t("textbook.epochs")}
            description={t("textbook.epochsHint")}
            value={value.epochs}
            onChange={(epochs) => onChange({ ...value, epochs: numberOf(epochs) })}
            error={at("epochs")}
            allowDecimal={false}
          />
          <NumberInput
            label={t("textbook.batch")}
            description={t("textbook.batchHint")}
            value={value.batch_size}
            onChange={(size) => onChange({ ...value, batch_size: numberOf(size) })}
            error={at("batch_size")}
            allowDecimal={false}
          />
        </Group>
      )}
      {readsHeads(value) && (
        <Choice name="criteria" words={["together", "heads"]} value={value} onChange={onChange} />
      )}
    </>
  );
}
