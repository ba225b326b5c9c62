import { Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { Answers, Tolerance } from "../api/types";
import { FormError } from "../shared/FormError";
import { ToleranceEditor } from "./ToleranceEditor";
import type { GoldWords } from "./use-gold";

/** Asks for the tolerance and the explanation of a known answer. */
export function GoldDialog({
  title,
  answers,
  tolerance,
  explanation,
  error,
  busy,
  onSave,
  onClose,
}: {
  title: string;
  answers: Answers;
  tolerance: Tolerance;
  explanation: string;
  error: unknown;
  busy: boolean;
  onSave: (words: GoldWords) => void;
  onClose: () => void;
}) {
  const { t } = useTranslation("gold");
  const { questions } = useProject();
  const [value, setValue] = useState(tolerance);
  const [text, setText] = useState(explanation);
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <Stack>
        <Text size="sm" c="var(--quiet)">
          {t("dialog.hint")}
        </Text>
        <ToleranceEditor
          questions={questions}
          answers={answers}
          value={value}
          onChange={setValue}
        />
        <Textarea
          label={t("dialog.explanation")}
          description={t("dialog.explanationHint")}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          autosize
          minRows={2}
          maxRows={8}
          maxLength={10_000}
        />
        <FormError error={error} />
        <Group justify="end">
          <Button variant="default" onClick={onClose}>
            {t("common:action.cancel")}
          </Button>
          <Button loading={busy} onClick={() => onSave({ tolerance: value, explanation: text })}>
            {t("common:action.save")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
