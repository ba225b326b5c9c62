import { Badge } from "@mantine/core";
import { IconCpu, IconFlask, IconGavel, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AnnotatorKind } from "../api/types";
import "./charts.css";

const LOOKS = {
  human: { icon: IconUser, colour: "var(--mantine-color-text)" },
  simulated: { icon: IconFlask, colour: "var(--chart-second)" },
  model: { icon: IconCpu, colour: "var(--chart-third)" },
  adjudicated: { icon: IconGavel, colour: "var(--mantine-color-text)" },
} as const;

/** Whether a person, a simulation or a model labelled; said in words, with a shape of its own. */
export function KindBadge({ kind, count }: { kind: AnnotatorKind; count?: string }) {
  const { t } = useTranslation("charts");
  const { icon: Icon, colour } = LOOKS[kind];
  return (
    <Badge
      variant="outline"
      color="gray"
      tt="none"
      fw={500}
      leftSection={<Icon size={12} />}
      miw="max-content"
      style={{ color: colour, borderColor: colour }}
    >
      {count === undefined ? t(`kind.${kind}`) : `${count} ${t(`kind.${kind}`)}`}
    </Badge>
  );
}
