import { NumberInput, Stack, Switch, TagsInput, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Project } from "../api/types";

export type General = Pick<
  Project,
  | "name"
  | "description"
  | "overlap"
  | "blind"
  | "mask_names"
  | "shuffle"
  | "reasons"
  | "own_figures"
  | "lease_seconds"
  | "good_at"
>;

export const NEW_GENERAL: General = {
  name: "",
  description: "",
  overlap: 3,
  blind: true,
  mask_names: false,
  shuffle: true,
  reasons: [],
  own_figures: false,
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
      {!full && (
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
      )}
      <Switch
        label={t("general.blind")}
        description={t("general.blindHint")}
        checked={value.blind}
        onChange={(event) => set({ blind: event.currentTarget.checked })}
      />
      {value.blind && (
        <Switch
          label={t("general.maskNames")}
          description={t("general.maskNamesHint")}
          checked={value.mask_names}
          onChange={(event) => set({ mask_names: event.currentTarget.checked })}
        />
      )}
      <Switch
        label={t("general.shuffle")}
        description={t("general.shuffleHint")}
        checked={value.shuffle}
        onChange={(event) => set({ shuffle: event.currentTarget.checked })}
      />
      <TagsInput
        label={t("general.reasons")}
        description={t("general.reasonsHint")}
        placeholder={value.reasons.length === 0 ? t("general.reasonsExample") : undefined}
        data={t("general.reasonsUsual").split("|")}
        value={value.reasons}
        onChange={(reasons) => set({ reasons })}
        splitChars={[]}
        acceptValueOnBlur
        maxTags={20}
        error={at("reasons")}
      />
      {full && (
        <Switch
          label={t("general.ownFigures")}
          description={t("general.ownFiguresHint")}
          checked={value.own_figures}
          onChange={(event) => set({ own_figures: event.currentTarget.checked })}
        />
      )}
      {full && (
        <NumberInput
          label={t("general.goodAt")}
          description={t("general.goodAtHint")}
          value={value.good_at ?? ""}
          onChange={(score) => set({ good_at: score === "" ? null : Number(score) })}
          error={at("good_at")}
          maw={460}
        />
      )}
    </Stack>
  );
}
