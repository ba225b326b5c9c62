import { Alert, Button, Group, NumberInput, Radio, Stack, Switch, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { GoldFeedback, TrustPolicy } from "../api/types";
import { FormError, useFieldError } from "../shared/FormError";
import { Section } from "../shared/Section";
import { ErrorState, Loading } from "../shared/States";
import { useSetTrustPolicy, useTrustPolicy } from "../trust/use-gold";

const FEEDBACKS: readonly GoldFeedback[] = ["none", "score", "answer"];

type Rules = Omit<TrustPolicy, "golds" | "checkable">;

/** A share, written in percent. */
function Percent({
  label,
  hint,
  value,
  most,
  error,
  onChange,
}: {
  label: string;
  hint: string;
  value: number;
  most: number;
  error: string | undefined;
  onChange: (value: number) => void;
}) {
  return (
    <NumberInput
      label={label}
      description={hint}
      value={Math.round(value * 1000) / 10}
      onChange={(percent) => onChange(Number(percent) / 100)}
      error={error}
      min={0}
      max={most}
      suffix=" %"
      styles={{ wrapper: { maxWidth: 160 } }}
    />
  );
}

function Form({ policy }: { policy: TrustPolicy }) {
  const { t } = useTranslation(["gold", "settings"]);
  const project = useProject();
  const { golds, checkable, ...stored } = policy;
  const [value, setValue] = useState<Rules>(stored);
  const save = useSetTrustPolicy(project.id);
  const at = useFieldError(save.error);
  const set = (change: Partial<Rules>) => setValue({ ...value, ...change });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(value, { onSuccess: () => notifications.show({ message: t("settings:saved") }) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Section title={t("policy.title")} hint={t("policy.hint")}>
          {checkable.length === 0 && <Alert color="yellow">{t("policy.unchecked")}</Alert>}
          {checkable.length > 0 && golds === 0 && <Alert>{t("policy.noGold")}</Alert>}
          <Percent
            label={t("policy.goldShare")}
            hint={t("policy.goldShareHint")}
            value={value.gold_share}
            most={50}
            error={at("gold_share")}
            onChange={(gold_share) => set({ gold_share })}
          />
          <Percent
            label={t("policy.repeatShare")}
            hint={t("policy.repeatShareHint")}
            value={value.repeat_share}
            most={50}
            error={at("repeat_share")}
            onChange={(repeat_share) => set({ repeat_share })}
          />
          <Percent
            label={t("policy.threshold")}
            hint={t("policy.thresholdHint")}
            value={value.threshold}
            most={100}
            error={at("threshold")}
            onChange={(threshold) => set({ threshold })}
          />
          <NumberInput
            label={t("policy.window")}
            description={t("policy.windowHint")}
            value={value.window}
            onChange={(window) => set({ window: Number(window) })}
            error={at("window")}
            min={5}
            max={1000}
            allowDecimal={false}
            styles={{ wrapper: { maxWidth: 160 } }}
          />
          <Switch
            label={t("policy.pause")}
            description={t("policy.pauseHint")}
            checked={value.pause}
            onChange={(event) => set({ pause: event.currentTarget.checked })}
          />
        </Section>
        <Section title={t("policy.qualification")}>
          <NumberInput
            label={t("policy.qualificationItems")}
            description={t("policy.qualificationItemsHint")}
            value={value.qualification_items}
            onChange={(number) => set({ qualification_items: Number(number) })}
            error={at("qualification_items")}
            min={0}
            max={200}
            allowDecimal={false}
            styles={{ wrapper: { maxWidth: 160 } }}
          />
          {value.qualification_items > golds && (
            <Alert color="yellow" data-testid="scarce">
              {t("policy.scarce", { needed: value.qualification_items, golds })}
            </Alert>
          )}
        </Section>
        <Section title={t("policy.feedback")}>
          <Radio.Group
            aria-label={t("policy.feedback")}
            value={value.feedback}
            onChange={(feedback) => set({ feedback: feedback as GoldFeedback })}
            error={at("feedback")}
          >
            <Stack gap="xs">
              {FEEDBACKS.map((one) => (
                <Radio key={one} value={one} label={t(`policy.feedbackOption.${one}`)} />
              ))}
            </Stack>
          </Radio.Group>
          <Text size="sm" c="var(--quiet)">
            {t(`policy.feedbackHint.${value.feedback}`)}
          </Text>
        </Section>
        <FormError error={save.error} />
        <Group>
          <Button type="submit" loading={save.isPending}>
            {t("common:action.save")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** How annotators are checked, and what they notice of it. */
export function QualityTab() {
  const project = useProject();
  const policy = useTrustPolicy(project.id);
  if (policy.isPending) return <Loading lines={6} />;
  if (policy.isError) return <ErrorState error={policy.error} onRetry={policy.refetch} />;
  return <Form policy={policy.data} />;
}
