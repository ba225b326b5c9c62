import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import { FormError } from "../shared/FormError";
import { inParts } from "./in-parts";
import { asidePath, type Batch } from "./use-review";

const LONGEST = 2000;
/** What a field for day and time gives, which is in the reader's own time. */
const momentOf = (local: string) => (local ? new Date(local).toISOString() : null);

/** Sets all judgments of one annotator aside from a time on, after saying how many, and takes it back. */
export function AnnotatorAside({
  project,
  annotator,
  onClose,
}: {
  project: string;
  annotator: { id: string; name: string };
  onClose: () => void;
}) {
  const { t } = useTranslation(["review", "common"]);
  const client = useQueryClient();
  const path = asidePath(project, annotator.id);
  const [reason, setReason] = useState("");
  const [since, setSince] = useState("");
  const [left, setLeft] = useState<number | null>(null);
  const count = useQuery({
    queryKey: [...projectKey(project), "review", "aside", annotator.id, since],
    queryFn: ({ signal }) =>
      api.get<{ judgments: number; set_aside: number }>(path, { since: momentOf(since) }, signal),
  });
  const settled = () => {
    setLeft(null);
    return client.invalidateQueries({ queryKey: projectKey(project) });
  };
  const set = useMutation({
    mutationFn: () =>
      inParts(
        (at) => api.post<Batch>(path, { reason: reason.trim(), since: momentOf(since), at }),
        setLeft,
      ),
    onSettled: settled,
  });
  const lift = useMutation({
    mutationFn: (action: string | null) =>
      inParts(() => api.delete<Batch>(path, undefined, { at: action }), setLeft),
    onSettled: settled,
  });
  const busy = set.isPending || lift.isPending;
  const number = count.data?.judgments ?? 0;
  const already = count.data?.set_aside ?? 0;

  let said = count.data && (number > 0 ? t("aside.count", { count: number }) : t("aside.nothing"));
  if (busy) said = left === null ? t("common:state.loading") : t("aside.running", { count: left });
  else if (lift.isSuccess) said = t("aside.undone", { count: lift.data.done });
  else if (set.isSuccess) said = t("aside.finished", { count: set.data.done });

  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={!busy}
      closeOnEscape={!busy}
      withCloseButton={!busy}
      title={t("aside.allTitle", { name: annotator.name })}
      closeButtonProps={{ "aria-label": t("common:action.close") }}
    >
      <Stack gap="md">
        <Text size="sm">{t("aside.allHint")}</Text>
        {!set.isSuccess && (
          <>
            <TextInput
              type="datetime-local"
              label={t("aside.since")}
              value={since}
              onChange={(event) => setSince(event.currentTarget.value)}
              disabled={busy}
            />
            <Textarea
              label={t("aside.reason")}
              required
              autosize
              minRows={2}
              maxLength={LONGEST}
              value={reason}
              onChange={(event) => setReason(event.currentTarget.value)}
              disabled={busy}
            />
          </>
        )}
        <Text size="sm" fw={600} role="status">
          {said}
        </Text>
        {already > 0 && !busy && (
          <Text size="sm" c="var(--quiet)">
            {t("aside.already", { count: already })}
          </Text>
        )}
        <FormError error={set.error ?? lift.error ?? count.error} />
        <Group justify="end">
          {already > 0 && !set.isSuccess && (
            <Button
              variant="subtle"
              mr="auto"
              onClick={() => lift.mutate(null)}
              loading={lift.isPending}
            >
              {t("aside.liftAll")}
            </Button>
          )}
          <Button variant="default" onClick={onClose} disabled={busy}>
            {t(set.isSuccess ? "common:action.close" : "common:action.cancel")}
          </Button>
          {set.isSuccess ? (
            <Button
              variant="default"
              onClick={() => lift.mutate(set.data.at)}
              loading={lift.isPending}
              disabled={lift.isSuccess}
            >
              {t("aside.undo")}
            </Button>
          ) : (
            <Button
              color="red"
              onClick={() => set.mutate()}
              loading={set.isPending}
              disabled={number === 0 || !reason.trim() || lift.isPending}
            >
              {t("aside.confirm")}
            </Button>
          )}
        </Group>
      </Stack>
    </Modal>
  );
}
