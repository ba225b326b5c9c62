import { CloseButton, Group, Paper, Stack, Text } from "@mantine/core";
import { IconCheck, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { Project } from "../../api/types";
import { AnswerList } from "../../data/AnswerText";
import { Markdown } from "../../shared/Markdown";
import { letterOf } from "../answers";
import { KeyHint } from "../KeyHint";
import { PAGE_KEYS } from "../page-keys";
import classes from "./standing.module.css";
import type { Checked } from "./useStanding";

/** After an answer to a gold item: whether it was right, the known one, and why. */
export function CheckedCard({
  project,
  checked,
  onClose,
}: {
  project: Project;
  checked: Checked | null;
  onClose: () => void;
}) {
  const { t } = useTranslation("label");
  return (
    <div aria-live="polite">
      {checked && (
        <Paper
          className={classes.card}
          withBorder
          shadow="md"
          p="sm"
          data-testid="gold-feedback"
          data-correct={checked.correct}
        >
          <Stack gap="xs">
            <Group gap="xs" wrap="nowrap">
              {checked.correct ? <IconCheck size={18} /> : <IconX size={18} />}
              <Text fw={600} size="sm">
                {t(checked.correct ? "checked.right" : "checked.wrong")}
              </Text>
              <KeyHint of={PAGE_KEYS.understood} ml="auto" />
              <CloseButton size="sm" aria-label={t("checked.close")} onClick={onClose} />
            </Group>
            {!checked.correct && (
              <div>
                <Text size="xs" c="var(--quiet)">
                  {t("checked.was")}
                </Text>
                <AnswerList
                  answers={checked.answers}
                  questions={project.questions}
                  nameOf={(id) => {
                    const place = checked.shown.indexOf(id);
                    return place < 0 ? id : letterOf(place);
                  }}
                />
              </div>
            )}
            {checked.explanation && <Markdown>{checked.explanation}</Markdown>}
          </Stack>
        </Paper>
      )}
    </div>
  );
}
