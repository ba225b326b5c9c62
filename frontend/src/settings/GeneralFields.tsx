import { Group, NumberInput, Stack, Switch, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Project } from "../api/types";

export type General = Pick<
  Project,
  "name" | "description" | "overlap" | "blind" | "shuffle" | "lease_seconds" | "good_at"
>;

export const NEW_GENERAL: General = {
  name: "",
  description: "",
  overlap: 3,
  blind: true,
  shuffle: true,
  lease_seconds: 1800,
  good_at: null,
};

/** Name and workings of a project. */
export function GeneralFields({
  value,
  onChange,
  at,
  full,
}: {
  value: General;
  onChange: (value: General) => void;
  at: (field: string) => string | undefined;
  /** Also what one seldom changes. */
  full: boolean;
}) {
  const { t } = useTranslation("settings");
  const set = (change: Partial<General>) => onChange({ ...value, ...change });
  return (
    <Stack gap="md">
      <TextInput
        label={t("general.name")}
        value={value.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
        error={at("name")}
        maxLength={200}
        required
      />
      <Textarea
        label={t("general.description")}
        description={t("general.descriptionHint")}
        value={value.description}
        onChange={(event) => set({ description: event.currentTarget.value })}
        error={at("description")}
        autosize
        minRows={2}
        maxRows={10}
      />
      <NumberInput
        label={t("general.overlap")}
        description={t("general.overlapHint")}
        value={value.overlap}
        onChange={(overlap) => set({ overlap: Number(overlap) })}
        error={at("overlap")}
        min={1}
        max={100}
        allowDecimal={false}
        maw={320}
      />
      <Switch
        label={t("general.blind")}
        description={t("general.blindHint")}
        checked={value.blind}
        onChange={(event) => set({ blind: event.currentTarget.checked })}
      />
      <Switch
        label={t("general.shuffle")}
        description={t("general.shuffleHint")}
        checked={value.shuffle}
        onChange={(event) => set({ shuffle: event.currentTarget.checked })}
      />
      {full && (
        <Group align="start" gap="lg">
          <NumberInput
            label={t("general.lease")}
            description={t("general.leaseHint")}
            value={value.lease_seconds / 60}
            onChange={(minutes) => set({ lease_seconds: Math.round(Number(minutes) * 60) })}
            error={at("lease_seconds")}
            min={0.5}
            max={10080}
            flex="1 1 260px"
          />
          <NumberInput
            label={t("general.goodAt")}
            description={t("general.goodAtHint")}
            value={value.good_at ?? ""}
            onChange={(score) => set({ good_at: score === "" ? null : Number(score) })}
            error={at("good_at")}
            flex="1 1 260px"
          />
        </Group>
      )}
    </Stack>
  );
}
