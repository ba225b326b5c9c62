import { Button, Menu, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { KIND_WORDS, KINDS, wordsOf } from "../kinds";
import { useFieldError } from "../shared/FormError";
import { type Draft, itemKindOf, nameFor, newDraft, questionsOf } from "./drafts";
import { QuestionCard } from "./QuestionCard";

/** The questions of a project; `error` is the server's refusal, shown at its places. */
export function QuestionsEditor({
  drafts,
  onChange,
  error,
}: {
  drafts: Draft[];
  onChange: (drafts: Draft[]) => void;
  error: unknown;
}) {
  const { t } = useTranslation(["settings", ...KIND_WORDS]);
  const at = useFieldError(error);
  const replace = (index: number, draft: Draft) => onChange(drafts.with(index, draft));

  const retitle = (index: number, draft: Draft, title: string) => {
    const others = drafts.filter((other) => other.key !== draft.key);
    const taken = new Set(others.map((other) => other.question.name));
    const { question } = draft;
    const name = draft.nameFixed ? question.name : nameFor(title, question.kind, taken);
    replace(index, { ...draft, question: { ...question, title, name } });
  };
  const move = (index: number, by: -1 | 1) => {
    const one = drafts[index];
    const other = drafts[index + by];
    if (one && other) onChange(drafts.with(index, other).with(index + by, one));
  };

  return (
    <Stack gap="sm">
      <Text size="sm" c="var(--quiet)">
        {t(`itemKind.${itemKindOf(questionsOf(drafts))}`)}
      </Text>
      <Stack component="ol" gap="sm" m={0} p={0}>
        {drafts.map((draft, index) => (
          <QuestionCard
            key={draft.key}
            draft={draft}
            number={index + 1}
            count={drafts.length}
            onChange={(changed) => replace(index, changed)}
            onTitle={(title) => retitle(index, draft, title)}
            onMove={(by) => move(index, by)}
            onRemove={() => onChange(drafts.filter((other) => other.key !== draft.key))}
            at={(field) => at(`questions.${index}.${field}`)}
          />
        ))}
      </Stack>
      <Menu position="bottom-start" width={320}>
        <Menu.Target>
          <Button
            variant="default"
            leftSection={<IconPlus size={16} />}
            style={{ alignSelf: "start" }}
          >
            {t("question.add")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {KINDS.map(({ name }) => (
            <Menu.Item key={name} onClick={() => onChange([...drafts, newDraft(name, drafts)])}>
              <Text size="sm" fw={500}>
                {t(`${wordsOf(name)}:title`)}
              </Text>
              <Text size="xs" c="var(--quiet)">
                {t(`${wordsOf(name)}:hint`)}
              </Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Stack>
  );
}
