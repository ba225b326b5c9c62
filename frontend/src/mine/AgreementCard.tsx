import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useFormats } from "../charts/format";
import { Section } from "../shared/Section";
import { ErrorState, Loading } from "../shared/States";
import { useOwnAgreement } from "./use-mine";

/** How often the others answered the same; only in projects that show it. */
export function AgreementCard({ project }: { project: string }) {
  const { t } = useTranslation("mine");
  const formats = useFormats();
  const agreement = useOwnAgreement(project, true);
  const found = agreement.data;
  return (
    <Section title={t("agreement.title")} hint={t("agreement.hint")}>
      {agreement.isPending && <Loading lines={1} />}
      {agreement.isError && <ErrorState error={agreement.error} onRetry={agreement.refetch} />}
      {found && found.value === null && <Text size="sm">{t("agreement.none")}</Text>}
      {found && found.value !== null && (
        <Text>
          {t("agreement.value", { share: formats.percent(found.value), count: found.n })}
          {found.interval?.[0] !== undefined &&
            found.interval[1] !== undefined &&
            ` ${t("agreement.interval", {
              low: formats.percent(found.interval[0]),
              high: formats.percent(found.interval[1]),
            })}`}
        </Text>
      )}
    </Section>
  );
}
