import { useTranslation } from "react-i18next";

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ["year", 31_536_000],
  ["month", 2_592_000],
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "3 hours ago" in the interface's language; null when less than a minute away. */
export function relativeTime(iso: string, language: string, now = Date.now()): string | null {
  const seconds = (Date.parse(iso) - now) / 1000;
  const step = STEPS.find(([, size]) => Math.abs(seconds) >= size);
  if (!step) return null;
  const format = new Intl.RelativeTimeFormat(language, { numeric: "auto" });
  return format.format(Math.round(seconds / step[1]), step[0]);
}

export function RelativeTime({ at }: { at: string | null | undefined }) {
  const { t, i18n } = useTranslation();
  if (!at) return <span>{t("ago.never")}</span>;
  const language = i18n.resolvedLanguage ?? "en";
  return (
    <time dateTime={at} title={new Date(at).toLocaleString(language)}>
      {relativeTime(at, language) ?? t("ago.now")}
    </time>
  );
}
