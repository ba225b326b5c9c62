import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ErrorState, Loading } from "../shared/States";
import classes from "./must-pass.module.css";
import { PinnedRow } from "./PinnedPairs";
import { ALL, usePins } from "./use-must-pass";

/** Shows which pinned judgments a model gets wrong, and asks whether it is to serve all the same. */
export function PromoteAnyway({
  model,
  known,
  onCancel,
  onConfirm,
}: {
  model: { id: string; project: string; version: number };
  /** Whether it could be tried. */
  known: boolean;
  onCancel: () => void;
  onConfirm: () => void;
}) {
  const { t } = useTranslation(["must-pass", "common"]);
  const pins = usePins(model.project, { model: model.id, limit: ALL });
  const wrong = (pins.data?.pages ?? [])
    .flatMap((page) => page.results)
    .filter((pin) => pin.status === "enforced" && pin.passed === false);
  return (
    <Modal
      opened
      onClose={onCancel}
      size="lg"
      title={t("promote.title", { version: model.version })}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <Stack gap="md">
        <Text size="sm">
          {t(known ? "promote.fails" : "promote.unknown", { version: model.version })}
        </Text>
        {pins.isPending && <Loading lines={3} />}
        {pins.isError && <ErrorState error={pins.error} onRetry={pins.refetch} />}
        {wrong.length > 0 && (
          <Stack component="ol" gap="xs" m={0} p={0} className={classes.plain}>
            {wrong.map((pin) => (
              <PinnedRow key={pin.judgment} pin={pin} />
            ))}
          </Stack>
        )}
        <Group justify="end">
          <Button variant="default" onClick={onCancel} data-autofocus>
            {t("common:action.cancel")}
          </Button>
          <Button color="red" onClick={onConfirm}>
            {t("promote.action")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
