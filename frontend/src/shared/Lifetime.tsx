import { Select } from "@mantine/core";
import { useTranslation } from "react-i18next";

const DAY_MS = 86_400_000;

/** The time that lies `days` from now; null for never. */
export function endAfter(days: number | null, now = Date.now()): string | null {
  return days === null ? null : new Date(now + days * DAY_MS).toISOString();
}

/** How long something stays valid, in days; null is for ever, where that is offered. */
export function LifetimeSelect({
  value,
  onChange,
  choices,
  label,
}: {
  value: number | null;
  onChange: (days: number | null) => void;
  choices: readonly (number | null)[];
  label: string;
}) {
  const { t } = useTranslation("errors");
  return (
    <Select
      label={label}
      data={choices.map((days) => ({
        value: String(days),
        label: days === null ? t("lifetime.never") : t("lifetime.days", { count: days }),
      }))}
      value={String(value)}
      onChange={(chosen) => onChange(chosen === "null" ? null : Number(chosen))}
      allowDeselect={false}
    />
  );
}
