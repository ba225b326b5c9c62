import { Button, Group, NumberInput, Radio, Stack, Switch } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../../api/projects";
import { FormError, useFieldError } from "../../shared/FormError";
import { Section } from "../../shared/Section";
import { useUpdateProject } from "../project";
import { CostSection } from "./CostSection";
import { adaptiveOf, changeOf, draftOf, POLICIES, type QueueDraft } from "./draft";
import { PauseSection } from "./PauseSection";
import { PeopleSection } from "./PeopleSection";
import { PoolsSection } from "./PoolsSection";

const orNull = (value: string | number) => (value === "" ? null : Number(value));
/** Percent in a field, a share on the wire. */
const share = (value: string | number) => Math.round(Number(value) * 10) / 1000;

/** Which item comes next, how many people judge it, and who is given how much. */
export function QueueTab() {
  const { t } = useTranslation("queue");
  const project = useProject();
  const [draft, setDraft] = useState<QueueDraft>(() => draftOf(project));
  const [settled] = useDebouncedValue(draft, 400);
  const save = useUpdateProject(project.id);
  const at = useFieldError(save.error);
  const set = (change: Partial<QueueDraft>) => setDraft({ ...draft, ...change });
  const active = draft.allocation !== "fewest-first";

  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(changeOf(draft), {
      onSuccess: () => notifications.show({ message: t("settings:saved") }),
    });
  };
  return (
    <Stack gap="md">
      <PauseSection />
      <form onSubmit={submit}>
        <Section title={t("title")}>
          <Stack gap="lg">
            <Radio.Group
              label={t("policy.label")}
              value={draft.allocation}
              onChange={(allocation) => set({ allocation })}
              error={at("allocation")}
            >
              <Stack gap="xs" mt="xs">
                {POLICIES.map((policy) => (
                  <Radio
                    key={policy}
                    value={policy}
                    label={t(`policy.${policy}.title`)}
                    description={t(`policy.${policy}.hint`)}
                  />
                ))}
              </Stack>
            </Radio.Group>
            {active && (
              <NumberInput
                label={t("policy.random")}
                description={t("policy.randomHint")}
                value={Math.round(draft.random_share * 1000) / 10}
                onChange={(value) => set({ random_share: share(value) })}
                error={at("random_share")}
                min={0}
                max={100}
                suffix=" %"
                maw={460}
              />
            )}
            <NumberInput
              label={t("settings:general.overlap")}
              description={t("settings:general.overlapHint")}
              value={draft.overlap}
              onChange={(overlap) => set({ overlap: Number(overlap) })}
              error={at("overlap")}
              min={1}
              max={100}
              allowDecimal={false}
              required
              maw={460}
            />
            <Switch
              label={t("adaptive.label")}
              description={t("adaptive.hint")}
              checked={draft.adaptive}
              onChange={(event) => set({ adaptive: event.currentTarget.checked })}
            />
            {draft.adaptive && (
              <Group align="start" gap="lg">
                <NumberInput
                  label={t("adaptive.most")}
                  description={t("adaptive.mostHint")}
                  value={draft.overlap_most}
                  onChange={(most) => set({ overlap_most: Number(most) })}
                  error={at("overlap_most")}
                  min={draft.overlap}
                  max={100}
                  allowDecimal={false}
                  required
                  flex="1 1 260px"
                />
                <NumberInput
                  label={t("adaptive.confidence")}
                  description={t("adaptive.confidenceHint")}
                  value={Math.round(draft.confidence * 1000) / 10}
                  onChange={(value) => set({ confidence: share(value) })}
                  error={at("confidence")}
                  min={50}
                  max={99.9}
                  suffix=" %"
                  required
                  flex="1 1 260px"
                />
              </Group>
            )}
            <Group align="start" gap="lg">
              <NumberInput
                label={t("quota.total")}
                description={t("quota.totalHint")}
                placeholder={t("quota.none")}
                value={draft.quota_total ?? ""}
                onChange={(value) => set({ quota_total: orNull(value) })}
                error={at("quota_total")}
                min={0}
                allowDecimal={false}
                flex="1 1 260px"
              />
              <NumberInput
                label={t("quota.daily")}
                description={t("quota.dailyHint")}
                placeholder={t("quota.none")}
                value={draft.quota_daily ?? ""}
                onChange={(value) => set({ quota_daily: orNull(value) })}
                error={at("quota_daily")}
                min={0}
                allowDecimal={false}
                flex="1 1 260px"
              />
            </Group>
            <NumberInput
              label={t("settings:general.lease")}
              description={t("settings:general.leaseHint")}
              value={draft.lease_seconds / 60}
              onChange={(minutes) => set({ lease_seconds: Math.round(Number(minutes) * 60) })}
              error={at("lease_seconds")}
              min={0.5}
              max={10080}
              required
              maw={460}
            />
            <FormError error={save.error} />
            <Group>
              <Button type="submit" loading={save.isPending}>
                {t("common:action.save")}
              </Button>
            </Group>
          </Stack>
        </Section>
      </form>
      <CostSection overlap={settled.overlap} adaptive={adaptiveOf(settled)} />
      <PeopleSection />
      <PoolsSection />
    </Stack>
  );
}
