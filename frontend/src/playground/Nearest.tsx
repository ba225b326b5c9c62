import { Badge, Button, Card, Group, Stack, Text } from "@mantine/core";
import { IconChevronDown, IconChevronUp } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormats } from "../charts/format";
import { ErrorState, Loading } from "../shared/States";
import classes from "./sentences.module.css";
import { type NearestAnswer, type Neighbour, type ScoredBy, useNearest } from "./use-nearest";

const SAME = 0.998; // the vectors are kept in half precision
const SHORT_LINES = 3;
const SHORT = 120; // characters that fit into three lines on a phone
const isLong = (text: string) => text.length > SHORT || text.split("\n").length > SHORT_LINES;

/** How people judged an output, in words. */
function useJudgedText(): (judged: Neighbour["judged"]) => string {
  const { t } = useTranslation("nearest");
  const formats = useFormats();
  return (judged) => {
    const { won, lost, tied, good, not_good: notGood, ratings } = judged;
    const said = [
      ...(won + lost > 0
        ? [t("won", { won: formats.count(won), total: formats.count(won + lost) })]
        : []),
      ...(tied > 0 ? [t("tied", { count: tied })] : []),
      ...(good + notGood > 0
        ? [t("good", { good: formats.count(good), total: formats.count(good + notGood) })]
        : []),
      ...ratings.map((one) =>
        t("rating", {
          question: one.question,
          mean: formats.number(one.mean, 1),
          minimum: formats.count(one.minimum),
          maximum: formats.count(one.maximum),
          n: formats.count(one.n),
        }),
      ),
    ];
    return said.length > 0 ? said.join(t("comma")) : t("unjudged");
  };
}

function One({ neighbour }: { neighbour: Neighbour }) {
  const { t } = useTranslation("nearest");
  const formats = useFormats();
  const judgedText = useJudgedText();
  const [whole, setWhole] = useState(false);
  return (
    <Card component="li" withBorder padding="xs">
      <Stack gap={4}>
        <Group gap="xs">
          <Badge variant="default" tt="none">
            {t("reward", { reward: formats.signed(neighbour.reward) })}
          </Badge>
          <Text size="sm" fw={600}>
            {judgedText(neighbour.judged)}
          </Text>
        </Group>
        <Text size="xs" c="var(--quiet)">
          {neighbour.similarity >= SAME
            ? t("same")
            : `${t("alike", { share: formats.percent(neighbour.similarity) })} (${t("alikeParts", {
                prompt: formats.percent(neighbour.prompt_similarity),
                output: formats.percent(neighbour.output_similarity),
              })})`}
          {neighbour.rows > 1 ? ` · ${t("rows", { count: neighbour.rows })}` : ""}
          {neighbour.source ? ` · ${t("source", { source: neighbour.source })}` : ""}
        </Text>
        <Text size="sm" c="var(--quiet)" style={{ overflowWrap: "anywhere" }}>
          {t("asked", { excerpt: neighbour.prompt.excerpt })}
        </Text>
        <Text
          size="sm"
          component="div"
          className={classes.text}
          lineClamp={whole ? undefined : SHORT_LINES}
        >
          {neighbour.text}
        </Text>
        {whole && neighbour.cut && (
          <Text size="xs" c="var(--quiet)">
            {t("cut")}
          </Text>
        )}
        {isLong(neighbour.text) && (
          <Button
            size="compact-xs"
            variant="subtle"
            style={{ alignSelf: "start" }}
            aria-expanded={whole}
            onClick={() => setWhole(!whole)}
          >
            {t(whole ? "less" : "more")}
          </Button>
        )}
      </Stack>
    </Card>
  );
}

function Found({ answer, name }: { answer: NearestAnswer; name: string }) {
  const { t } = useTranslation("nearest");
  const formats = useFormats();
  const found = answer.items[0];
  if (answer.unavailable) return <Text size="sm">{t(`unavailable.${answer.unavailable}`)}</Text>;
  if (!found || found.neighbours.length === 0) return <Text size="sm">{t("empty")}</Text>;
  const { neighbours, missing } = found;
  const won = neighbours.reduce((sum, one) => sum + one.judged.won, 0);
  const total = won + neighbours.reduce((sum, one) => sum + one.judged.lost, 0);
  const reward = formats.signed(
    neighbours.reduce((sum, one) => sum + one.reward, 0) / neighbours.length,
  );
  return (
    <Stack gap="xs">
      <Text size="sm">
        {total > 0
          ? t("summary", { won: formats.count(won), total: formats.count(total), reward })
          : t("summaryReward", { reward })}
      </Text>
      <Stack
        component="ol"
        gap="xs"
        p={0}
        m={0}
        style={{ listStyle: "none" }}
        aria-label={t("title", { name })}
      >
        {neighbours.map((one) => (
          <One key={one.completion} neighbour={one} />
        ))}
      </Stack>
      <Text size="xs" c="var(--quiet)">
        {t("searched", { count: answer.indexed })}
        {answer.left_out > 0 && ` ${t("leftOut", { count: answer.left_out })}`}
        {missing > 0 && ` ${t("missing", { count: missing })}`}
      </Text>
    </Stack>
  );
}

/** Why a reward: the outputs most like this one that the model learned from, and how people judged them. */
export function Nearest({
  name,
  text,
  scoredBy,
}: {
  name: string;
  text: string;
  scoredBy: ScoredBy;
}) {
  const { t } = useTranslation("nearest");
  const [open, setOpen] = useState(false);
  const found = useNearest(scoredBy, text, open);
  const id = useId();
  return (
    <Stack gap="xs">
      <Button
        size="xs"
        variant="default"
        style={{ alignSelf: "start" }}
        rightSection={open ? <IconChevronUp size={14} /> : <IconChevronDown size={14} />}
        aria-expanded={open}
        aria-controls={id}
        onClick={() => setOpen(!open)}
      >
        {t("show")}
      </Button>
      <div id={id}>
        {open &&
          (found.isPending ? (
            <Loading lines={3} />
          ) : found.isError ? (
            <ErrorState error={found.error} onRetry={found.refetch} />
          ) : (
            <Found answer={found.data} name={name} />
          ))}
      </div>
    </Stack>
  );
}
