import {
  Anchor,
  Badge,
  Button,
  Card,
  Checkbox,
  Group,
  SimpleGrid,
  Stack,
  Text,
  Title,
} from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useProject } from "../api/projects";
import { useFormats } from "../charts/format";
import { Conversation } from "../shared/Conversation";
import { FormError } from "../shared/FormError";
import { Markdown } from "../shared/Markdown";
import { ErrorState, Loading } from "../shared/States";
import type { FullEvaluation, Model } from "./types";
import {
  type Doubted,
  type DoubtedOutput,
  useSecondLook,
  useSendToReview,
} from "./use-second-look";

type Counts = NonNullable<FullEvaluation["second_look"]>;

/** Unanimous labels that models are strongly against, and a way to have a reviewer look at them. */
export function SecondLookCard({ model, counts }: { model: Model; counts: Counts }) {
  const { t } = useTranslation("doubt");
  const formats = useFormats();
  const values = {
    looked: formats.count(counts.looked_at),
    found: formats.count(counts.found),
    refits: formats.count(counts.refits),
  };
  const scheme = model.evaluation.split.scheme === "holdout" ? "holdout" : "cross";
  return (
    <Card withBorder>
      <Stack gap="sm">
        <Title order={3} size="h4">
          {t("again.title")}
        </Title>
        <Text size="sm" maw="80ch">
          {counts.reason
            ? t(`again.nothing.${counts.reason}`)
            : t(counts.found > 0 ? "again.sentence" : "again.none", values)}
        </Text>
        {!counts.reason && (
          <Text size="xs" c="var(--quiet)" maw="80ch">
            {t(`again.${scheme}`)}
          </Text>
        )}
        {counts.found > 0 && <Pairs model={model} found={counts.found} />}
      </Stack>
    </Card>
  );
}

function Pairs({ model, found }: { model: Model; found: number }) {
  const { t } = useTranslation("doubt");
  const formats = useFormats();
  const project = useProject();
  const query = useSecondLook(project.id, model.id, found > 0);
  const send = useSendToReview(project.id, model.id);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  if (query.isPending) return <Loading lines={4} />;
  if (!query.data) return <ErrorState error={query.error} onRetry={query.refetch} />;
  const pairs = query.data.pages.flatMap((page) => page.pairs);
  const listed = query.data.pages[0]?.listed ?? 0;
  const manages = project.role === "admin";
  const choose = (item: string, wanted: boolean) => {
    const next = new Set(chosen);
    if (wanted) next.add(item);
    else next.delete(item);
    setChosen(next);
  };
  return (
    <>
      {listed < found && (
        <Text size="xs" c="var(--quiet)">
          {t("again.capped", { listed: formats.count(listed) })}
        </Text>
      )}
      {pairs.length === 0 && <Text size="sm">{t("again.gone")}</Text>}
      <Stack component="ol" gap="md" m={0} p={0} style={{ listStyle: "none" }}>
        {pairs.map((pair) => (
          <PairRow
            key={`${pair.preferred.id} ${pair.rejected.id}`}
            pair={pair}
            checked={chosen.has(pair.item)}
            onChoose={
              manages && !pair.in_review ? (wanted) => choose(pair.item, wanted) : undefined
            }
          />
        ))}
      </Stack>
      <Group gap="sm">
        {query.hasNextPage && (
          <Button
            size="xs"
            variant="default"
            loading={query.isFetchingNextPage}
            onClick={() => query.fetchNextPage()}
          >
            {t("again.more")}
          </Button>
        )}
        {manages && pairs.length > 0 && (
          <Button
            size="xs"
            disabled={chosen.size === 0}
            loading={send.isPending}
            onClick={() => send.mutate([...chosen], { onSuccess: () => setChosen(new Set()) })}
          >
            {chosen.size > 0 ? t("again.sendCount", { count: chosen.size }) : t("again.send")}
          </Button>
        )}
      </Group>
      <FormError error={send.error} />
      {send.data && (
        <Text size="sm" role="status">
          {t("again.sent", { count: send.data.sent })}{" "}
          <Anchor component={Link} to={`/projects/${project.id}/review?reason=suspected`} size="sm">
            {t("again.toReview")}
          </Anchor>
        </Text>
      )}
    </>
  );
}

function PairRow({
  pair,
  checked,
  onChoose,
}: {
  pair: Doubted;
  checked: boolean;
  onChoose: ((wanted: boolean) => void) | undefined;
}) {
  const { t } = useTranslation("doubt");
  const formats = useFormats();
  const { prompt, margins } = pair;
  const mean = margins.reduce((sum, margin) => sum + margin, 0) / margins.length;
  const lang = prompt.language || undefined;
  return (
    <Stack component="li" gap="xs">
      <Group gap="sm">
        {onChoose && (
          <Checkbox
            checked={checked}
            onChange={(event) => onChoose(event.currentTarget.checked)}
            aria-label={t("again.choose", { prompt: prompt.external_id })}
          />
        )}
        <Text size="sm" fw={600} style={{ overflowWrap: "anywhere" }}>
          {prompt.external_id}
        </Text>
        {pair.in_review && <Badge variant="default">{t("again.inReview")}</Badge>}
        {!pair.in_review && pair.reviewed_at && (
          <Badge variant="default">{t("again.reviewed")}</Badge>
        )}
        <Text size="xs" c="var(--quiet)">
          {t("again.votes", { count: pair.votes })}
          {" · "}
          {t("again.margins", {
            strength: formats.number(-mean, 2),
            least: formats.number(-Math.max(...margins), 2),
          })}
        </Text>
      </Group>
      <Conversation messages={prompt.messages} lang={lang} />
      <SimpleGrid cols={{ base: 1, sm: 2 }}>
        <Output title={t("again.preferred")} output={pair.preferred} lang={lang} />
        <Output title={t("again.rejected")} output={pair.rejected} lang={lang} />
      </SimpleGrid>
    </Stack>
  );
}

function Output({
  title,
  output,
  lang,
}: {
  title: string;
  output: DoubtedOutput;
  lang: string | undefined;
}) {
  const { t } = useTranslation("doubt");
  return (
    <Card withBorder p="xs">
      <Text size="xs" fw={600}>
        {title}
      </Text>
      <Markdown lang={lang}>{output.text}</Markdown>
      {output.cut && (
        <Text size="xs" c="var(--quiet)">
          {t("again.cut")}
        </Text>
      )}
    </Card>
  );
}
