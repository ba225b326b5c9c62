import { Checkbox, Group, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { AnnotatorKind, Progress } from "../api/types";
import { useFormats } from "../charts/format";

const KINDS: readonly AnnotatorKind[] = ["human", "adjudicated", "simulated", "model"];

/** Whose labels to train on, with how many there are of each. */
export function KindsField({
  value,
  onChange,
  progress,
  username,
}: {
  value: readonly AnnotatorKind[];
  onChange: (kinds: AnnotatorKind[]) => void;
  progress: Progress | undefined;
  username: string;
}) {
  const { t } = useTranslation(["training", "charts"]);
  const formats = useFormats();
  const count = (kind: AnnotatorKind) => progress?.by_kind[kind] ?? 0;
  const total = value.reduce((sum, kind) => sum + count(kind), 0);
  const mine = value.includes("human")
    ? (progress?.per_annotator.find((one) => one.kind === "human" && one.name === username)
        ?.judgments ?? 0)
    : 0;
  return (
    <div>
      <Checkbox.Group
        label={t("retrain.kinds")}
        description={t("retrain.kindsHint")}
        value={[...value]}
        onChange={(kinds) => onChange(KINDS.filter((kind) => kinds.includes(kind)))}
      >
        <Group mt="xs" gap="md">
          {KINDS.map((kind) => (
            <Checkbox
              key={kind}
              value={kind}
              label={t("retrain.kindCount", {
                kind: t(`charts:kind.${kind}`),
                n: formats.count(count(kind)),
              })}
            />
          ))}
        </Group>
      </Checkbox.Group>
      {progress && (
        <Text size="sm" fw={600} mt="xs">
          {t("retrain.available", {
            count: total,
            text: formats.count(total),
            mine: formats.count(mine),
          })}
        </Text>
      )}
    </div>
  );
}
