import { Badge, Button, Collapse, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCheck, IconClock, IconX } from "@tabler/icons-react";
import { useId } from "react";
import { useTranslation } from "react-i18next";
import type { Pin } from "../api/types";
import { Conversation } from "../shared/Conversation";
import { Markdown } from "../shared/Markdown";
import { RelativeTime } from "../shared/RelativeTime";
import classes from "./must-pass.module.css";
import { useMarginText } from "./useMarginText";

const LOOKS = {
  passes: { icon: IconCheck, color: "teal" },
  fails: { icon: IconX, color: "red" },
  untried: { icon: IconClock, color: "gray" },
} as const;

const verdictOf = ({ passed }: Pin): keyof typeof LOOKS =>
  passed === null ? "untried" : passed ? "passes" : "fails";

function Verdict({ pin }: { pin: Pin }) {
  const { t } = useTranslation("must-pass");
  if (pin.status !== "enforced") {
    return (
      <Badge variant="outline" color="gray" tt="none">
        {t(`status.${pin.status}`)}
      </Badge>
    );
  }
  const verdict = verdictOf(pin);
  const { icon: Icon, color } = LOOKS[verdict];
  return (
    <Badge variant="light" color={color} tt="none" leftSection={<Icon size={12} />}>
      {t(`verdict.${verdict}`)}
    </Badge>
  );
}

/** The outputs of a pinned judgment and how far the model scores them apart. */
function Pairs({ pin, tried }: { pin: Pin; tried: boolean }) {
  const { t } = useTranslation("must-pass");
  const marginText = useMarginText();
  const lang = pin.prompt.language || undefined;
  const [only] = pin.pairs.length === 1 ? pin.pairs : [];
  const nameOf = (id: string) =>
    only
      ? t(id === only.preferred ? "preferred" : "rejected")
      : t("output", { number: pin.outputs.findIndex((output) => output.id === id) + 1 });
  return (
    <Stack gap="xs">
      <Conversation messages={pin.prompt.messages} lang={lang} />
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        {pin.outputs.map((output) => (
          <Paper key={output.id} withBorder p="xs" miw={0}>
            <Text size="xs" fw={600} mb={4}>
              {nameOf(output.id)}
            </Text>
            <Markdown lang={lang}>{output.text}</Markdown>
          </Paper>
        ))}
      </SimpleGrid>
      {tried && (
        <Stack component="ul" gap={2} m={0} p={0} className={classes.plain}>
          {pin.pairs.map((pair) => (
            <Text component="li" size="sm" key={`${pair.preferred} ${pair.rejected}`}>
              {!only &&
                `${t("above", { preferred: nameOf(pair.preferred), rejected: nameOf(pair.rejected) })} `}
              {marginText(pair.margin)}
            </Text>
          ))}
        </Stack>
      )}
    </Stack>
  );
}

/** One pinned judgment: whether the model gets it right, and on demand both texts with the margin. */
export function PinnedRow({ pin, onUnpin }: { pin: Pin; onUnpin?: () => void }) {
  const { t } = useTranslation("must-pass");
  const enforced = pin.status === "enforced";
  const [opened, { toggle }] = useDisclosure(enforced && pin.passed === false);
  const region = useId();
  const said = pin.prompt.messages.filter((message) => message.role === "user").at(-1);
  return (
    <Paper component="li" withBorder p="xs" data-faded={!enforced || undefined}>
      <Stack gap={4}>
        <Group gap="xs">
          <Verdict pin={pin} />
          <Text size="xs" c="var(--quiet)">
            {t("by", { annotator: pin.annotator, name: pin.by || t("somebody") })}{" "}
            <RelativeTime at={pin.created_at} />
          </Text>
          <Group gap={4} ml="auto">
            <Button
              size="compact-xs"
              variant="default"
              aria-expanded={opened}
              aria-controls={region}
              onClick={toggle}
            >
              {t(opened ? "hide" : "show")}
            </Button>
            {onUnpin && (
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`${t("unpin")} ${pin.prompt.external_id}`}
                onClick={onUnpin}
              >
                {t("unpin")}
              </Button>
            )}
          </Group>
        </Group>
        <Text size="sm" lineClamp={1} className={classes.excerpt}>
          {said?.content ?? pin.prompt.external_id}
        </Text>
        {pin.note && (
          <Text size="sm" className={classes.excerpt}>
            {t("noted", { note: pin.note })}
          </Text>
        )}
        <Collapse expanded={opened} id={region}>
          {opened && <Pairs pin={pin} tried={pin.passed !== null} />}
        </Collapse>
      </Stack>
    </Paper>
  );
}
