import { Button, Card, Group, NumberInput, Stack, Text } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { FormError } from "../shared/FormError";
import { ItemSummary } from "./GoldRow";
import { useAgreed } from "./use-gold";

const SHOWN = 5;

/** Makes gold of items on which people agree; shows them first. */
export function AgreedForm({ project }: { project: string }) {
  const { t } = useTranslation("gold");
  const [atLeast, setAtLeast] = useState(3);
  const [most, setMost] = useState(50);
  const find = useAgreed(project);
  const make = useAgreed(project);
  const found = find.data?.items;
  const given = { at_least: atLeast, most };
  return (
    <Stack gap="sm">
      <Text size="sm">{t("agreed.hint")}</Text>
      <Group align="end" gap="sm">
        <NumberInput
          label={t("agreed.atLeast")}
          value={atLeast}
          onChange={(number) => {
            setAtLeast(Number(number));
            find.reset();
          }}
          min={2}
          max={100}
          allowDecimal={false}
          w={220}
        />
        <NumberInput
          label={t("agreed.most")}
          value={most}
          onChange={(number) => {
            setMost(Number(number));
            find.reset();
          }}
          min={1}
          max={200}
          allowDecimal={false}
          w={160}
        />
        <Button
          variant="default"
          loading={find.isPending}
          onClick={() => find.mutate({ ...given, preview: true })}
        >
          {t("agreed.find")}
        </Button>
      </Group>
      <FormError error={find.error ?? make.error} />
      {found && (
        <Stack gap="xs" aria-live="polite">
          <Text size="sm" fw={500}>
            {t("agreed.found", { count: found.length })}
          </Text>
          {found.slice(0, SHOWN).map((item) => (
            <Card key={item.item} withBorder padding="sm">
              <ItemSummary item={item} />
            </Card>
          ))}
          {found.length > SHOWN && (
            <Text size="xs" c="var(--quiet)">
              {t("agreed.more", { count: found.length - SHOWN })}
            </Text>
          )}
          {found.length > 0 && (
            <Group>
              <Button
                loading={make.isPending}
                onClick={() =>
                  make.mutate(
                    { ...given, preview: false },
                    {
                      onSuccess: ({ created }) => {
                        find.reset();
                        notifications.show({ message: t("agreed.made", { count: created }) });
                      },
                    },
                  )
                }
              >
                {t("agreed.make", { count: found.length })}
              </Button>
            </Group>
          )}
        </Stack>
      )}
    </Stack>
  );
}
