import { Group, NumberInput, SegmentedControl, Switch } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TransformerOptions } from "./types";

/** How long and how deep a transformer is fine-tuned. */
export function TransformerFields({
  value,
  onChange,
}: {
  value: TransformerOptions;
  onChange: (value: TransformerOptions) => void;
}) {
  const { t } = useTranslation("training");
  const change = (part: Partial<TransformerOptions>) => onChange({ ...value, ...part });
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={t("tuning.adaptation")}
        value={value.adaptation}
        onChange={(adaptation) => change({ adaptation: adaptation as "full" | "lora" })}
        data={(["full", "lora"] as const).map((one) => ({
          value: one,
          label: t(`tuning.${one}`),
        }))}
      />
      <Switch
        checked={value.start === "linear"}
        onChange={(event) => change({ start: event.currentTarget.checked ? "linear" : "none" })}
        label={t("tuning.start")}
        description={t("tuning.startHint")}
      />
      <Group grow align="start">
        <NumberInput
          label={t("tuning.epochs")}
          value={value.epochs}
          onChange={(epochs) => change({ epochs: Number(epochs) || 1 })}
          min={1}
          max={100}
          allowDecimal={false}
        />
        <NumberInput
          label={t("tuning.rate")}
          value={value.learning_rate}
          onChange={(rate) => change({ learning_rate: Number(rate) || 5e-5 })}
          min={1e-6}
          max={1e-2}
          step={1e-5}
          decimalScale={7}
        />
        <NumberInput
          label={t("tuning.tokens")}
          value={value.max_tokens}
          onChange={(tokens) => change({ max_tokens: Number(tokens) || 256 })}
          min={16}
          max={512}
          allowDecimal={false}
        />
      </Group>
    </>
  );
}
