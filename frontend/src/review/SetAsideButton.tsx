import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Judgment } from "../api/types";
import { FormError } from "../shared/FormError";
import { useSetAside } from "./use-review";

const LONGEST = 2000;

/** Puts one judgment aside with a reason, or lets it count again. */
export function SetAsideButton({ judgment }: { judgment: Judgment }) {
  const { t } = useTranslation(["review", "common"]);
  const change = useSetAside(judgment.project, judgment.item);
  const [opened, { open, close }] = useDisclosure(false);
  const [reason, setReason] = useState("");
  if (judgment.set_aside) {
    return (
      <>
        <Button
          size="compact-xs"
          variant="default"
          onClick={() => change.mutate({ uuid: judgment.uuid, reason: null })}
          loading={change.isPending}
        >
          {t("aside.lift")}
        </Button>
        <FormError error={change.error} />
      </>
    );
  }
  const save = () =>
    change.mutate({ uuid: judgment.uuid, reason: reason.trim() }, { onSuccess: close });
  return (
    <>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={`${t("aside.action")} ${judgment.annotator}`}
        onClick={open}
      >
        {t("aside.action")}
      </Button>
      <Modal
        opened={opened}
        onClose={close}
        title={t("aside.title")}
        closeButtonProps={{ "aria-label": t("common:action.close") }}
      >
        <Stack gap="md">
          <Text size="sm">{t("aside.hint", { name: judgment.annotator })}</Text>
          <Textarea
            label={t("aside.reason")}
            data-autofocus
            required
            autosize
            minRows={2}
            maxLength={LONGEST}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
          <FormError error={change.error} />
          <Group justify="end">
            <Button variant="default" onClick={close}>
              {t("common:action.cancel")}
            </Button>
            <Button onClick={save} disabled={!reason.trim()} loading={change.isPending}>
              {t("aside.confirm")}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
