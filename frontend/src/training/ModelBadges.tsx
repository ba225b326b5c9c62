import { Badge } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconClock, IconCrown, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { JobStatus, RewardModel } from "../api/types";

/** Champion, candidate or retired, in words. */
export function StatusBadge({ status }: { status: RewardModel["status"] }) {
  const { t } = useTranslation("training");
  const champion = status === "champion";
  return (
    <Badge
      variant={champion ? "filled" : "default"}
      tt="none"
      leftSection={champion ? <IconCrown size={12} /> : undefined}
      miw="max-content"
    >
      {t(`status.${status}`)}
    </Badge>
  );
}

const LOOKS = {
  queued: { icon: IconClock, color: "gray" },
  running: { icon: IconClock, color: "indigo" },
  succeeded: { icon: IconCheck, color: "teal" },
  failed: { icon: IconAlertTriangle, color: "red" },
  cancelled: { icon: IconX, color: "gray" },
} as const;

/** Where a run stands, in words. */
export function RunBadge({ status }: { status: JobStatus }) {
  const { t } = useTranslation("training");
  const { icon: Icon, color } = LOOKS[status];
  return (
    <Badge
      variant="light"
      color={color}
      tt="none"
      leftSection={<Icon size={12} />}
      miw="max-content"
    >
      {t(`run.status.${status}`)}
    </Badge>
  );
}
