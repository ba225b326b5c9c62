import { Modal, Stack } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { FormError } from "../shared/FormError";
import { KeyEditor } from "./KeyEditor";
import { useKeyTable } from "./keys";
import { useOwnKeys } from "./useOwnKeys";

/** What every key does now, from the table that the handler reads; each can be changed. */
export function KeyOverlay({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("label");
  const keys = useKeyTable();
  const { own, change, error } = useOwnKeys();
  return (
    <Modal opened={opened} onClose={onClose} title={t("keys.title")} size="lg">
      <Stack gap="md">
        <FormError error={error} />
        {opened && <KeyEditor table={keys.defaults()} own={own} onChange={change} />}
      </Stack>
    </Modal>
  );
}
