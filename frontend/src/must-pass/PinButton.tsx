import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconPin, IconPinnedOff } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { Judgment } from "../api/types";
import { FormError } from "../shared/FormError";
import { ALL, usePin, usePins, useUnpin } from "./use-must-pass";

const LONGEST = 2000;
const ORDERING = new Set(["comparison", "ranking", "best_worst"]);

/** Pins a judgment, so that every new model must get it right, or unpins it. */
export function PinButton({ judgment }: { judgment: Judgment }) {
  const { id, role, questions } = useProject();
  const orders =
    judgment.status === "submitted" &&
    questions.some((one) => ORDERING.has(one.kind) && judgment.answers[one.name]);
  if (role === "annotator" || !orders) return null;
  return <Pinning judgment={judgment} project={id} />;
}

function Pinning({ judgment, project }: { judgment: Judgment; project: string }) {
  const { t } = useTranslation(["must-pass", "common"]);
  const pins = usePins(project, { prompt: judgment.prompt, limit: ALL });
  const [pin, unpin] = [usePin(project), useUnpin(project)];
  const [opened, { open, close }] = useDisclosure(false);
  const [note, setNote] = useState("");
  if (!pins.data) return null;
  const pinned = pins.data.pages
    .flatMap((page) => page.results)
    .some((one) => one.judgment === judgment.uuid);
  if (pinned) {
    return (
      <>
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<IconPinnedOff size={12} />}
          aria-label={`${t("unpin")} ${judgment.annotator}`}
          loading={unpin.isPending}
          onClick={() => unpin.mutate(judgment.uuid)}
        >
          {t("unpin")}
        </Button>
        <FormError error={unpin.error} />
      </>
    );
  }
  if (judgment.superseded || judgment.set_aside) return null;
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        leftSection={<IconPin size={12} />}
        aria-label={`${t("pin.action")} ${judgment.annotator}`}
        onClick={open}
      >
        {t("pin.action")}
      </Button>
      <Modal
        opened={opened}
        onClose={() => {
          close();
          pin.reset();
        }}
        title={t("pin.title")}
        closeButtonProps={{ "aria-label": t("common:action.close") }}
      >
        <Stack gap="md">
          <Text size="sm">{t("pin.hint")}</Text>
          <Textarea
            label={t("pin.note")}
            description={t("pin.noteHint")}
            data-autofocus
            autosize
            minRows={2}
            maxLength={LONGEST}
            value={note}
            onChange={(event) => setNote(event.currentTarget.value)}
          />
          <FormError error={pin.error} />
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {t("common:action.cancel")}
            </Button>
            <Button
              loading={pin.isPending}
              onClick={() =>
                pin.mutate({ judgment: judgment.uuid, note: note.trim() }, { onSuccess: close })
              }
            >
              {t("pin.action")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
