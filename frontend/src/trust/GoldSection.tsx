import { Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Section } from "../shared/Section";
import { ErrorState, Loading } from "../shared/States";
import { AgreedForm } from "./AgreedForm";
import { CheckedTable } from "./CheckedTable";
import { GoldRow } from "./GoldRow";
import { useCheckedAnnotators, useGolds, useTrustPolicy } from "./use-gold";

function People({ project }: { project: string }) {
  const { t } = useTranslation("gold");
  const people = useCheckedAnnotators(project);
  if (people.isPending) return <Loading lines={3} />;
  if (people.isError) return <ErrorState error={people.error} onRetry={people.refetch} />;
  if (people.data.results.length === 0) {
    return (
      <Text size="sm" c="var(--quiet)">
        {t("people.empty")}
      </Text>
    );
  }
  return <CheckedTable annotators={people.data.results} />;
}

function Items({ project }: { project: string }) {
  const { t } = useTranslation("gold");
  const golds = useGolds(project);
  if (golds.isPending) return <Loading lines={3} />;
  if (golds.isError) return <ErrorState error={golds.error} onRetry={golds.refetch} />;
  const items = golds.data.pages.flatMap((page) => page.results);
  if (items.length === 0) {
    return (
      <Text size="sm" c="var(--quiet)" data-testid="no-gold">
        {t("items.empty")}
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      <Stack component="ul" gap="xs" p={0} m={0}>
        {items.map((gold) => (
          <GoldRow key={gold.id} gold={gold} />
        ))}
      </Stack>
      {golds.hasNextPage && (
        <Group>
          <Button
            variant="default"
            size="xs"
            loading={golds.isFetchingNextPage}
            onClick={() => golds.fetchNextPage()}
          >
            {t("common:action.more")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** Items with a known answer, and what they say about the annotators. */
export function GoldSection({ project }: { project: string }) {
  const { t } = useTranslation("gold");
  const policy = useTrustPolicy(project);
  const [adding, setAdding] = useState(false);
  const count = policy.data?.golds ?? 0;
  return (
    <>
      <Section title={t("people.title")} hint={t("people.hint")}>
        <People project={project} />
      </Section>
      <Section
        title={count > 0 ? t("items.titleCount", { count }) : t("items.title")}
        hint={t("items.hint")}
        action={
          <Button
            size="xs"
            variant="default"
            aria-expanded={adding}
            onClick={() => setAdding((on) => !on)}
          >
            {t("agreed.open")}
          </Button>
        }
      >
        {adding && <AgreedForm project={project} />}
        <Items project={project} />
      </Section>
    </>
  );
}
