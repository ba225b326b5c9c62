import {
  ActionIcon,
  Badge,
  Group,
  NumberInput,
  Paper,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconTrash } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { RuleDraft } from "./draft";
import { RuleFields } from "./RuleFields";
import { useRuleWords } from "./words";

interface Props {
  rule: RuleDraft;
  number: number;
  count: number;
  /** Whether its weight is learned, so that there is none to give. */
  fitted: boolean;
  onChange: (rule: RuleDraft) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
  at: (field: string) => string | undefined;
  /** What it did on the sample. */
  children?: ReactNode;
}

/** One rule: what it checks, what that is worth, and its place in the list. */
export function RuleCard(props: Props) {
  const { rule, number, count, fitted, onChange, onMove, onRemove, at, children } = props;
  const { t } = useTranslation("rules");
  const words = useRuleWords();
  const set = (change: object) => onChange({ ...rule, ...change } as RuleDraft);
  return (
    <Paper component="li" withBorder p="sm" style={{ listStyle: "none" }} data-rule={rule.key}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="start">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Badge variant="light" color="gray" style={{ flexShrink: 0 }}>
              {number}
            </Badge>
            <Text fw={500} style={{ overflowWrap: "anywhere" }}>
              {t(`check.${rule.check}.title`)}
            </Text>
          </Group>
          <Group gap={4} wrap="nowrap">
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={number === 1}
              onClick={() => onMove(-1)}
              aria-label={t("up", { number })}
              data-move="-1"
            >
              <IconArrowUp size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="gray"
              disabled={number === count}
              onClick={() => onMove(1)}
              aria-label={t("down", { number })}
              data-move="1"
            >
              <IconArrowDown size={16} />
            </ActionIcon>
            <ActionIcon
              variant="subtle"
              color="red"
              onClick={onRemove}
              aria-label={t("remove", { number })}
            >
              <IconTrash size={16} />
            </ActionIcon>
          </Group>
        </Group>
        <RuleFields rule={rule} onChange={onChange} at={at} />
        <Group align="start" gap="sm">
          <TextInput
            flex="2 1 180px"
            label={t("field.name")}
            placeholder={words(rule)}
            value={rule.name}
            onChange={(event) => set({ name: event.currentTarget.value })}
            error={at("name")}
            maxLength={100}
          />
          {!fitted && (
            <NumberInput
              flex="1 1 100px"
              label={t("field.weight")}
              value={rule.weight}
              onChange={(weight) => set({ weight: weight === "" ? "" : Number(weight) })}
              error={at("weight")}
              min={-1000}
              max={1000}
              step={0.5}
            />
          )}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
