import { Checkbox, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { FEATURE_GROUPS, type FeatureGroup } from "./types";

/** Which groups of features a model reads. */
export function FeaturesField({
  value,
  onChange,
  error,
}: {
  value: FeatureGroup[];
  onChange: (features: FeatureGroup[]) => void;
  error?: string;
}) {
  const { t } = useTranslation("training");
  return (
    <Checkbox.Group
      label={t("retrain.features")}
      value={value}
      error={error}
      onChange={(chosen) => onChange(FEATURE_GROUPS.filter((group) => chosen.includes(group)))}
    >
      <Stack gap="xs" mt="xs">
        {FEATURE_GROUPS.map((group) => (
          <Checkbox
            key={group}
            value={group}
            label={t(`features.${group}.name`)}
            description={t(`features.${group}.hint`)}
          />
        ))}
      </Stack>
    </Checkbox.Group>
  );
}
