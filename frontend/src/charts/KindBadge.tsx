import { Badge } from "@mantine/core";
import { IconCpu, IconFlask, IconUser } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { AnnotatorKind } from "../api/types";

const LOOKS = {
  human: { icon: IconUser, variant: "light", color: "gray" },
  simulated: { icon: IconFlask, variant: "outline", color: "orange" },
  model: { icon: IconCpu, variant: "outline", color: "grape" },
} as const;

/** Whether a person, a simulation or a model labelled; said in words, with a shape of its own. */
export function KindBadge({ kind, count }: { kind: AnnotatorKind; count?: string }) {
  const { t } = useTranslation("charts");
  const { icon: Icon, variant, color } = LOOKS[kind];
  return (
    <Badge
      variant={variant}
      color={color}
      autoContrast
      tt="none"
      fw={500}
      leftSection={<Icon size={12} />}
      miw="max-content"
    >
      {count === undefined ? t(`kind.${kind}`) : `${count} ${t(`kind.${kind}`)}`}
    </Badge>
  );
}
