import { Alert, Button, Group } from "@mantine/core";
import { IconPlayerPause, IconPlayerPlay } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useProject } from "../../api/projects";
import { ConfirmButton } from "../../shared/ConfirmButton";
import { FormError } from "../../shared/FormError";
import { RelativeTime } from "../../shared/RelativeTime";
import { Section } from "../../shared/Section";
import { usePause } from "./queue";

/** Hands out nothing for a while; what is sent is still taken. */
export function PauseSection() {
  const { t } = useTranslation("queue");
  const project = useProject();
  const pause = usePause(project.id);
  return (
    <Section title={t("pause.title")} hint={t("pause.hint")}>
      <FormError error={pause.error} />
      {project.paused_at && (
        <Alert color="yellow" icon={<IconPlayerPause />} role="status">
          {t("pause.since")} <RelativeTime at={project.paused_at} />
        </Alert>
      )}
      <Group>
        {project.paused_at ? (
          <Button
            size="xs"
            leftSection={<IconPlayerPlay size={16} />}
            loading={pause.isPending}
            onClick={() => pause.mutate(false)}
          >
            {t("pause.resume")}
          </Button>
        ) : (
          <ConfirmButton
            question={t("pause.question")}
            confirmLabel={t("pause.button")}
            onConfirm={() => pause.mutate(true)}
            loading={pause.isPending}
            leftSection={<IconPlayerPause size={16} />}
          >
            {t("pause.button")}
          </ConfirmButton>
        )}
      </Group>
    </Section>
  );
}
