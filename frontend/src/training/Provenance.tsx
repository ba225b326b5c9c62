import { Alert, Card, Code, Group, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Promotion } from "../api/types";
import { DataTable } from "../charts/DataTable";
import { useFormats } from "../charts/format";
import { CopyButton } from "../shared/CopyButton";
import type { FullEvaluation, Model } from "./types";

/** How prompts were split, and that nothing was tested on what it was trained on. */
export function SplitCard({ split, asked }: { split: FullEvaluation["split"]; asked: unknown }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const overlap = `${t("split.shared", { count: split.shared_groups })} ${t("split.near", { count: split.near_duplicates })}`;
  const clean = split.shared_groups === 0 && split.near_duplicates === 0;
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Title order={3} size="h4">
          {t("split.title")}
        </Title>
        <Text size="sm">
          {t(split.scheme === "holdout" ? "split.holdout" : "split.cross", {
            train: formats.count(split.train),
            validation: formats.count(split.validation),
            test: formats.count(split.test),
            folds: formats.count(split.folds ?? 0),
          })}
        </Text>
        {asked === "holdout" && split.scheme !== "holdout" && (
          <Text size="sm">{t("split.fallback")}</Text>
        )}
        {split.note && (
          <Text size="sm">
            {t("split.few", { n: formats.count(split.test_groups ?? split.test) })}
          </Text>
        )}
        {clean ? (
          <Text size="sm">{overlap}</Text>
        ) : (
          <Alert variant="light" color="orange" icon={<IconAlertTriangle />}>
            {overlap}
          </Alert>
        )}
      </Stack>
    </Card>
  );
}

/** The labels a model learned from, and its file. */
export function SnapshotCard({ model }: { model: Model }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  const { snapshot } = model;
  return (
    <Card withBorder>
      <Stack gap="xs">
        <Title order={3} size="h4">
          {t("snapshot.title")}
        </Title>
        <Text size="sm">
          {t("snapshot.sentence", {
            labels: formats.count(snapshot.judgments),
            prompts: formats.count(snapshot.prompts),
            annotators: formats.count(snapshot.annotators),
          })}
        </Text>
        {(
          [
            ["fingerprint", snapshot.fingerprint],
            ["sha256", model.sha256],
          ] as const
        ).map(([key, value]) => (
          <Group key={key} gap="xs" wrap="nowrap">
            <Text size="sm" style={{ flexShrink: 0 }}>
              {t(`snapshot.${key}`)}
            </Text>
            <Code style={{ overflow: "hidden", textOverflow: "ellipsis" }} title={value}>
              {value}
            </Code>
            <CopyButton value={value} size="compact-xs" style={{ flexShrink: 0 }} />
          </Group>
        ))}
        <Text size="sm">{t("snapshot.size", { size: formats.bytes(model.size_bytes) })}</Text>
      </Stack>
    </Card>
  );
}

/** Who served when, and why. */
export function HistoryCard({ promotions, order = 2 }: { promotions: Promotion[]; order?: 2 | 3 }) {
  const { t } = useTranslation("training");
  const formats = useFormats();
  return (
    <Card withBorder>
      <Title order={order} size="h4" mb="xs">
        {t("history.title")}
      </Title>
      {promotions.length === 0 ? (
        <Text size="sm" c="var(--quiet)">
          {t("history.empty")}
        </Text>
      ) : (
        <DataTable
          caption={t("history.title")}
          columns={[
            { key: "at", title: t("history.at") },
            { key: "change", title: t("history.change") },
            { key: "by", title: t("history.by") },
            { key: "why", title: t("history.why") },
          ]}
          rows={promotions.map((promotion) => ({
            key: promotion.at,
            cells: [
              formats.moment(promotion.at),
              promotion.previous_version === null
                ? t("history.first", { version: promotion.version })
                : t("history.step", {
                    version: promotion.version,
                    previous: promotion.previous_version,
                  }),
              promotion.by || t("history.rule"),
              promotion.code === "manual"
                ? promotion.message || t("history.manual")
                : t(`decision.promoted.${promotion.code}`, { defaultValue: promotion.message }),
            ],
          }))}
        />
      )}
    </Card>
  );
}
