import { Alert, Button, Card, Group, Select, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Project } from "../api/types";
import { ChartFrame } from "../charts/ChartFrame";
import { useFormats } from "../charts/format";
import { SignedBars } from "../charts/SignedBars";
import { useErrorText } from "../shared/States";
import type { Model } from "../training/types";
import {
  type Draft,
  draftOf,
  emptyDraft,
  newOutput,
  requestItems,
  type Scores,
  scoresOf,
  togglePadding,
} from "./draft";
import { OutputCard } from "./OutputCard";
import { PromptEditor } from "./PromptEditor";
import { preference, type TextLanguage } from "./padding";
import { useExample, useRewards } from "./use-playground";

const letter = (index: number) => String.fromCharCode(65 + index);

function Ranking({ scores, names }: { scores: Scores; names: Map<number, string> }) {
  const { t } = useTranslation(["playground", "training"]);
  const formats = useFormats();
  const ranked = [...scores.outputs].sort((a, b) => b.reward.reward - a.reward.reward);
  const [best, second] = ranked;
  const nameOf = (key: number) => names.get(key) ?? "";
  return (
    <Card withBorder>
      <ChartFrame
        order={2}
        title={t("ranking.title")}
        sentence={
          best && second
            ? t("ranking.sentence", {
                best: nameOf(best.key),
                second: nameOf(second.key),
                difference: formats.number(best.reward.reward - second.reward.reward),
              })
            : undefined
        }
        columns={[
          { key: "name", title: t("ranking.output") },
          { key: "reward", title: t("reward"), numeric: true },
          { key: "std", title: t("ranking.spread"), numeric: true },
        ]}
        rows={ranked.map((one) => ({
          key: String(one.key),
          cells: [
            nameOf(one.key),
            formats.signed(one.reward.reward, 4),
            one.reward.std === null ? "–" : formats.number(one.reward.std, 4),
          ],
        }))}
        note={t("ranking.note", {
          version: scores.model.version,
          kind: t(`training:kind.${scores.model.kind}`),
          one: formats.percent(preference(scores.model.log_odds_per_reward)),
          two: formats.percent(preference(2 * scores.model.log_odds_per_reward)),
        })}
      >
        <SignedBars
          label={t("ranking.title")}
          bars={ranked.map((one, index) => ({
            key: String(one.key),
            label: t("ranking.place", { rank: index + 1, name: nameOf(one.key) }),
            value: one.reward.reward,
            spread: one.reward.std,
          }))}
        />
      </ChartFrame>
    </Card>
  );
}

/** A prompt and outputs, their rewards, and what padding does to them. */
export function ScorePanel({ project, models }: { project: Project; models: Model[] }) {
  const { t, i18n } = useTranslation(["playground", "training"]);
  const errorText = useErrorText();
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [scores, setScores] = useState<Scores | null>(null);
  const [model, setModel] = useState("champion");
  const [nothingFound, setNothingFound] = useState<TextLanguage | null>(null);
  const rewards = useRewards(project.id);
  const example = useExample(project.id);
  const fallback: TextLanguage = i18n.resolvedLanguage === "zh" ? "zh" : "en";

  const score = (scored: Draft) =>
    rewards.mutate(
      { items: requestItems(scored), model },
      { onSuccess: (answer) => setScores(scoresOf(scored, answer)) },
    );
  const pad = (key: number) => {
    const changed = togglePadding(draft, key, fallback);
    setDraft(changed);
    score(changed);
  };
  const fill = (language: TextLanguage) =>
    example.mutate(language, {
      onSuccess: (prompt) => {
        setNothingFound(prompt ? null : language);
        if (!prompt) return;
        const filled = draftOf(prompt);
        setDraft(filled);
        setScores(null);
        score(filled);
      },
    });

  const names = new Map(
    draft.outputs.map((output, index) => [output.key, t("output.name", { letter: letter(index) })]),
  );
  const shown = scores?.outputs.filter((one) => names.has(one.key)) ?? [];
  const scoredBy = scores && {
    project: project.id,
    model: scores.model.id,
    messages: scores.messages,
  };
  const ranks = new Map(
    [...shown]
      .sort((a, b) => b.reward.reward - a.reward.reward)
      .map((one, index) => [one.key, index + 1]),
  );
  const complete =
    draft.messages.some((message) => message.content.trim() !== "") &&
    draft.outputs.every((output) => output.text.trim() !== "");
  const error = rewards.error ?? example.error;

  return (
    <Stack gap="md">
      <Card withBorder>
        <Stack gap="sm">
          <Group justify="space-between">
            <Title order={2} size="h4">
              {t("prompt.title")}
            </Title>
            <Group gap="xs">
              {(["en", "zh"] as const).map((language) => (
                <Button
                  key={language}
                  size="xs"
                  variant="default"
                  loading={example.isPending && example.variables === language}
                  onClick={() => fill(language)}
                >
                  {t(`example.${language}`)}
                </Button>
              ))}
            </Group>
          </Group>
          {nothingFound && <Text size="sm">{t(`example.none.${nothingFound}`)}</Text>}
          <PromptEditor
            messages={draft.messages}
            onChange={(messages) => setDraft({ ...draft, messages })}
          />
        </Stack>
      </Card>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {draft.outputs.map((output) => (
          <OutputCard
            key={output.key}
            name={names.get(output.key) ?? ""}
            output={output}
            scored={shown.find((one) => one.key === output.key)}
            logOdds={scores?.model.log_odds_per_reward ?? 1}
            scoredBy={scoredBy}
            rank={ranks.get(output.key) ?? null}
            removable={draft.outputs.length > 1}
            busy={rewards.isPending}
            onPad={() => pad(output.key)}
            onRemove={() =>
              setDraft({
                ...draft,
                outputs: draft.outputs.filter((one) => one.key !== output.key),
              })
            }
            onChange={(text) =>
              setDraft({
                ...draft,
                outputs: draft.outputs.map((one) =>
                  one.key === output.key ? { ...one, text, original: null } : one,
                ),
              })
            }
          />
        ))}
      </SimpleGrid>
      <Group justify="space-between">
        <Button
          variant="default"
          leftSection={<IconPlus size={14} />}
          onClick={() => setDraft({ ...draft, outputs: [...draft.outputs, newOutput()] })}
        >
          {t("output.add")}
        </Button>
        <Group gap="xs">
          <Select
            aria-label={t("model")}
            w={220}
            allowDeselect={false}
            value={model}
            onChange={(value) => value && setModel(value)}
            data={[
              { value: "champion", label: t("champion") },
              ...models.map((one) => ({
                value: one.id,
                label: t("training:versionKind", {
                  version: one.version,
                  kind: t(`training:kind.${one.kind}`),
                }),
              })),
            ]}
          />
          <Button disabled={!complete} loading={rewards.isPending} onClick={() => score(draft)}>
            {t("score")}
          </Button>
        </Group>
      </Group>
      {error && (
        <Alert color="red" icon={<IconAlertTriangle />} role="alert">
          {errorText(error)}
        </Alert>
      )}
      {scores && shown.length > 0 && (
        <Ranking scores={{ ...scores, outputs: shown }} names={names} />
      )}
    </Stack>
  );
}
