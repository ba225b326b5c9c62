import { SegmentedControl, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Weights } from "./recipe-draft";

/** Who sets the weights of rules or of the parts of a sum: a person, or the labels. */
export function WeightsField({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint: string;
  value: Weights;
  onChange: (weights: Weights) => void;
}) {
  const { t } = useTranslation("rules");
  return (
    <>
      <SegmentedControl
        size="xs"
        aria-label={label}
        value={value}
        onChange={(chosen) => onChange(chosen as Weights)}
        data={(["given", "fitted"] as const).map((one) => ({
          value: one,
          label: t(`weights.${one}`),
        }))}
      />
      <Text size="xs" c="var(--quiet)">
        {hint}
      </Text>
    </>
  );
}
