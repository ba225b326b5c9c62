import {
  ActionIcon,
  Alert,
  Badge,
  Button,
  Card,
  Group,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { IconArrowBackUp, IconTextPlus, IconX } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../charts/format";
import { CriteriaBars } from "./CriteriaBars";
import type { Output, Scored } from "./draft";
import { ExplanationChart } from "./ExplanationChart";
import { Nearest } from "./Nearest";
import { preference } from "./padding";
import { RuleHits } from "./RuleHits";
import { Sentences } from "./Sentences";
import type { ScoredBy } from "./use-nearest";

const NOTICEABLE = 0.05;

/** What the filler did to the reward, before and after. */
function PaddingEffect({ scored, logOdds }: { scored: Scored; logOdds: number }) {
  const { t } = useTranslation("playground");
  const formats = useFormats();
  if (!scored.before) return null;
  const difference = scored.reward.reward - scored.before.reward;
  const effect = difference > NOTICEABLE ? "rises" : difference < -NOTICEABLE ? "falls" : "same";
  return (
    <Alert
      variant="light"
      color={effect === "rises" ? "orange" : "teal"}
      styles={{ title: { color: "var(--mantine-color-text)" } }}
      title={t("padding.change", {
        before: formats.number(scored.before.reward),
        after: formats.number(scored.reward.reward),
        difference: formats.signed(difference),
      })}
    >
      {t(`padding.${effect}`, { share: formats.percent(preference(logOdds * difference)) })}
    </Alert>
  );
}

/** One output: its text, its reward and what moved it. */
export function OutputCard({
  name,
  output,
  scored,
  logOdds,
  scoredBy,
  rank,
  removable,
  busy,
  onChange,
  onRemove,
  onPad,
}: {
  name: string;
  output: Output;
  scored: Scored | undefined;
  /** By what a difference of rewards is in log-odds of being preferred. */
  logOdds: number;
  scoredBy: ScoredBy | null;
  rank: number | null;
  removable: boolean;
  busy: boolean;
  onChange: (text: string) => void;
  onRemove: () => void;
  onPad: () => void;
}) {
  const { t } = useTranslation("playground");
  const formats = useFormats();
  const current = scored && scored.text === output.text ? scored : undefined;
  return (
    <Card withBorder padding="sm" component="section" aria-label={name}>
      <Stack gap="xs">
        <Group justify="space-between" wrap="nowrap">
          <Group gap="xs">
            <Text fw={600}>{name}</Text>
            {rank !== null && current && (
              <Badge variant={rank === 1 ? "filled" : "default"} tt="none">
                {t("rank", { rank })}
              </Badge>
            )}
          </Group>
          {removable && (
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label={t("output.remove", { name })}
              onClick={onRemove}
            >
              <IconX size={16} />
            </ActionIcon>
          )}
        </Group>
        <Textarea
          autosize
          minRows={4}
          maxRows={18}
          aria-label={name}
          placeholder={t("output.placeholder")}
          value={output.text}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
        <Button
          size="xs"
          variant="default"
          style={{ alignSelf: "start" }}
          leftSection={
            output.original === null ? <IconTextPlus size={14} /> : <IconArrowBackUp size={14} />
          }
          disabled={output.text.trim() === ""}
          loading={busy}
          onClick={onPad}
        >
          {t(output.original === null ? "padding.add" : "padding.remove")}
        </Button>
        {current && (
          <>
            <Text>
              {t("reward")} <strong>{formats.signed(current.reward.reward)}</strong>
              {current.reward.std !== null && (
                <Text span size="sm" c="var(--quiet)">
                  {" "}
                  {t("spread", { std: formats.number(current.reward.std) })}
                </Text>
              )}
            </Text>
            <PaddingEffect scored={current} logOdds={logOdds} />
            {current.reward.explanation && (
              <RuleHits text={current.text} explanation={current.reward.explanation} />
            )}
            {current.reward.explanation?.sentences && (
              <Sentences text={current.text} sentences={current.reward.explanation.sentences} />
            )}
            {current.reward.explanation?.criteria && (
              <CriteriaBars name={name} criteria={current.reward.explanation.criteria} />
            )}
            {current.reward.explanation && (
              <ExplanationChart name={name} explanation={current.reward.explanation} />
            )}
            {scoredBy && <Nearest name={name} text={current.text} scoredBy={scoredBy} />}
          </>
        )}
        {scored && !current && (
          <Text size="sm" c="var(--quiet)">
            {t("output.edited")}
          </Text>
        )}
      </Stack>
    </Card>
  );
}
