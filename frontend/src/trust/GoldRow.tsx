import { Badge, Button, Card, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { AgreedItem, GoldItem } from "../api/types";
import { useFormats } from "../charts/format";
import { AnswerList } from "../data/AnswerText";
import { ConfirmButton } from "../shared/ConfirmButton";
import { FormError } from "../shared/FormError";
import { GoldDialog } from "./GoldDialog";
import { useChangeGold, useRetireGold } from "./use-gold";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/** An item with what is known, or agreed, about it. */
export function ItemSummary({ item }: { item: AgreedItem }) {
  const { questions } = useProject();
  const letter = (place: number) => LETTERS[place] ?? String(place + 1);
  const nameOf = (id: string) => {
    const place = item.completions.findIndex((completion) => completion.id === id);
    return place < 0 ? id : letter(place);
  };
  return (
    <Stack gap={4} style={{ minWidth: 0 }}>
      <Text size="sm" fw={600} lineClamp={2} style={{ overflowWrap: "anywhere" }}>
        {item.prompt.excerpt}
      </Text>
      {item.completions.map(({ id, text }, place) => (
        <Text
          key={id}
          size="sm"
          c="var(--quiet)"
          lineClamp={2}
          style={{ overflowWrap: "anywhere" }}
        >
          <b>{letter(place)}</b> {text}
        </Text>
      ))}
      <AnswerList answers={item.answers} questions={questions} nameOf={nameOf} />
    </Stack>
  );
}

/** A gold item, with how people have answered it. */
export function GoldRow({ gold }: { gold: GoldItem }) {
  const { t } = useTranslation("gold");
  const { percent } = useFormats();
  const project = useProject();
  const [editing, setEditing] = useState(false);
  const change = useChangeGold(project.id);
  const retire = useRetireGold(project.id);
  const doubtful = gold.answered >= 3 && gold.correct * 2 < gold.answered;
  return (
    <Card withBorder padding="sm" component="li" data-testid="gold-item">
      <Stack gap="xs">
        <ItemSummary item={gold} />
        {gold.explanation && <Text size="sm">{gold.explanation}</Text>}
        <Group gap="xs">
          <Text size="xs" c="var(--quiet)">
            {gold.answered === 0
              ? t("item.unanswered")
              : t("item.answered", {
                  count: gold.answered,
                  percent: percent(gold.correct / gold.answered),
                })}
          </Text>
          {doubtful && (
            <Badge color="yellow" variant="light" tt="none">
              {t("item.doubtful")}
            </Badge>
          )}
          <Group gap="xs" ml="auto">
            <Button size="xs" variant="default" onClick={() => setEditing(true)}>
              {t("item.edit")}
            </Button>
            <ConfirmButton
              question={t("item.retireQuestion")}
              confirmLabel={t("item.retire")}
              onConfirm={() => retire.mutate(gold.id)}
              loading={retire.isPending}
            >
              {t("item.retire")}
            </ConfirmButton>
          </Group>
        </Group>
        <FormError error={retire.error} />
      </Stack>
      {editing && (
        <GoldDialog
          title={t("item.edit")}
          answers={gold.answers}
          tolerance={gold.tolerance}
          explanation={gold.explanation}
          error={change.error}
          busy={change.isPending}
          onClose={() => setEditing(false)}
          onSave={(words) =>
            change.mutate({ id: gold.id, ...words }, { onSuccess: () => setEditing(false) })
          }
        />
      )}
    </Card>
  );
}
