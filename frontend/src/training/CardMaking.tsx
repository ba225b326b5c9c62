import { Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { DataTable } from "../charts/DataTable";
import { useFormats } from "../charts/format";
import { Section } from "../shared/Section";
import type { ModelCard } from "./card-types";

const SCALE = ["anchored_to", "anchors", "factor", "shift", "mean", "spread"] as const;
const WHOLE: readonly string[] = ["anchored_to", "anchors"];

/** What rounds to nothing has no sign. */
const positiveZero = (value: number) => (Math.abs(value) < 0.0005 ? 0 : value);

export function ScaleSection({ card }: { card: ModelCard }) {
  const { t } = useTranslation("card");
  const formats = useFormats();
  const { scale } = card;
  const written = (name: (typeof SCALE)[number]) => {
    const value = scale?.[name];
    if (typeof value !== "number") return "–";
    return WHOLE.includes(name) ? formats.count(value) : formats.number(positiveZero(value), 3);
  };
  return (
    <Section title={t("scale.title")}>
      {scale ? (
        <DataTable
          caption={t("scale.title")}
          columns={[
            { key: "name", title: t("figure.name") },
            { key: "value", title: t("figure.value") },
          ]}
          rows={SCALE.map((name) => ({ key: name, cells: [t(`scale.${name}`), written(name)] }))}
        />
      ) : (
        <Text size="sm">{t("scale.none")}</Text>
      )}
    </Section>
  );
}

export function PackagesSection({ card }: { card: ModelCard }) {
  const { t } = useTranslation("card");
  return (
    <Section title={t("packages.title")}>
      {card.packages ? (
        <DataTable
          caption={t("packages.title")}
          columns={[
            { key: "package", title: t("packages.name") },
            { key: "version", title: t("packages.version") },
          ]}
          rows={Object.entries(card.packages).map(([name, version]) => ({
            key: name,
            cells: [name, version],
          }))}
        />
      ) : (
        <Text size="sm">{t("packages.none")}</Text>
      )}
    </Section>
  );
}
