import { Group, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "../charts/format";
import { Section } from "../shared/Section";
import classes from "./mine.module.css";
import type { Mine } from "./types";

const BAR = 56; // pixels of the busiest day

function Count({ value, label }: { value: string; label: string }) {
  return (
    <Stack gap={0}>
      <Text fw={600} size="xl">
        {value}
      </Text>
      <Text size="sm" c="var(--quiet)">
        {label}
      </Text>
    </Stack>
  );
}

function Week({ week }: { week: Mine["week"] }) {
  const { t, i18n } = useTranslation("mine");
  const most = Math.max(1, ...week.map((day) => day.judgments));
  const weekday = new Intl.DateTimeFormat(i18n.resolvedLanguage, {
    weekday: "short",
    timeZone: "UTC",
  });
  return (
    <ul className={classes.week} aria-label={t("week")}>
      {week.map((day) => (
        <li key={day.day} className={classes.day}>
          <span>{day.judgments > 0 && day.judgments.toLocaleString(i18n.resolvedLanguage)}</span>
          <span className={classes.bar} style={{ height: (day.judgments / most) * BAR }} />
          <span>{weekday.format(new Date(day.day))}</span>
        </li>
      ))}
    </ul>
  );
}

/** Today's count and pace, the week, and what a quota leaves. */
export function TodayCard({ mine }: { mine: Mine }) {
  const { t } = useTranslation("mine");
  const formats = useFormats();
  const pace = (perHour: number | null) => (perHour === null ? "–" : formats.count(perHour));
  const left = [
    mine.quota_daily_left !== null && t("quota.daily", { count: mine.quota_daily_left }),
    mine.quota_total_left !== null && t("quota.total", { count: mine.quota_total_left }),
  ].filter(Boolean);
  return (
    <Section title={t("today.title")} hint={t("today.hint")}>
      <Group gap="xl" align="start">
        <Count value={formats.count(mine.today)} label={t("today.count")} />
        <Count value={pace(mine.per_hour_today)} label={t("today.pace")} />
        <Count value={pace(mine.per_hour_week)} label={t("today.paceWeek")} />
        <Count value={formats.count(mine.total)} label={t("today.total")} />
      </Group>
      <Week week={mine.week} />
      {left.length > 0 && <Text size="sm">{left.join(" ")}</Text>}
    </Section>
  );
}
