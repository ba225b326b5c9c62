import {
  ActionIcon,
  Badge,
  Button,
  Group,
  Paper,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { KIND_WORDS, KINDS, kindOf, wordsOf } from "../kinds";
import { type Draft, questionOf } from "./drafts";

interface Props {
  draft: Draft;
  number: number;
  count: number;
  onChange: (draft: Draft) => void;
  onTitle: (title: string) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
  at: (field: string) => string | undefined;
}

/** One question: its wording, its kind and the options of that kind. */
export function QuestionCard(props: Props) {
  const { draft, number, count, onChange, onTitle, onMove, onRemove, at } = props;
  const { t } = useTranslation(["settings", ...KIND_WORDS]);
  const { t: own } = useTranslation(wordsOf(props.draft.question.kind));
  const [more, setMore] = useState(false);
  const { question } = draft;
  const Options = kindOf(question)?.Options;
  const set = (change: Partial<typeof question>) =>
    onChange({ ...draft, question: { ...question, ...change } as typeof question });
  const showName = more || at("name") !== undefined;

  return (
    <Paper component="li" withBorder p="sm" style={{ listStyle: "none" }}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="xs">
            <Badge variant="light" color="gray">
              {number}
            </Badge>
            <Text fw={500}>{own("title")}</Text>
            {!question.required && (
              <Text size="sm" c="var(--quiet)">
                {t("question.optional")}
              </Text>
            )}
          </Group>
          <Group gap={4} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={number === 1}
              onClick={() => onMove(-1)}
              aria-label={t("question.up", { number })}
            >
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={number === count}
              onClick={() => onMove(1)}
              aria-label={t("question.down", { number })}
            >
              <IconArrowDown size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="red"
              disabled={count === 1}
              onClick={onRemove}
              aria-label={t("question.remove", { number })}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        </Group>
        <Group align="start" gap="sm">
          <TextInput
            label={t("question.title")}
            placeholder={own("example")}
            value={question.title}
            onChange={(event) => onTitle(event.currentTarget.value)}
            error={at("title")}
            maxLength={500}
            flex="2 1 240px"
          />
          <Select
            label={t("question.kind")}
            data={KINDS.map(({ name }) => ({ value: name, label: t(`${wordsOf(name)}:title`) }))}
            value={question.kind}
            onChange={(value) => {
              const kind = KINDS.find((one) => one.name === value)?.name;
              if (kind && kind !== question.kind) {
                onChange({ ...draft, question: questionOf(kind, question) });
              }
            }}
            error={at("kind")}
            allowDeselect={false}
            flex="1 1 180px"
          />
        </Group>
        <Text size="xs" c="var(--quiet)">
          {own("hint")}
        </Text>
        <Textarea
          label={t("question.description")}
          value={question.description}
          onChange={(event) => set({ description: event.currentTarget.value })}
          error={at("description")}
          autosize
          minRows={1}
          maxRows={6}
        />
        {Options && (
          <Options
            question={question}
            onChange={(changed) => onChange({ ...draft, question: changed })}
            at={at}
          />
        )}
        <Group justify="space-between">
          <Switch
            label={t("question.required")}
            checked={question.required}
            onChange={(event) => set({ required: event.currentTarget.checked })}
          />
          {!showName && (
            <Button size="compact-xs" variant="subtle" onClick={() => setMore(true)}>
              {t("question.showName", { name: question.name })}
            </Button>
          )}
        </Group>
        {showName && (
          <TextInput
            label={t("question.name")}
            description={t("question.nameHint")}
            value={question.name}
            onChange={(event) =>
              onChange({
                ...draft,
                nameFixed: true,
                question: { ...question, name: event.currentTarget.value },
              })
            }
            error={at("name")}
            maxLength={64}
            ff="monospace"
          />
        )}
      </Stack>
    </Paper>
  );
}
