import { Button, Group, Stack, Table, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import type { AccessToken } from "../api/types";
import { ConfirmButton } from "../shared/ConfirmButton";
import { FormError, useFieldError } from "../shared/FormError";
import { endAfter, LifetimeSelect } from "../shared/Lifetime";
import { RelativeTime } from "../shared/RelativeTime";
import { SecretOnce } from "../shared/SecretOnce";
import { Section } from "../shared/Section";
import { ErrorState, Loading } from "../shared/States";
import { useCreateToken, useRevokeToken, useTokens } from "./tokens";

const LIFETIMES = [30, 90, 365, null] as const;

function TokenRow({ token }: { token: AccessToken }) {
  const { t, i18n } = useTranslation("accounts");
  const revoke = useRevokeToken();
  const ends = token.expires_at;
  return (
    <Table.Tr>
      <Table.Td>
        {token.name}{" "}
        <Text span size="xs" c="var(--quiet)" ff="monospace">
          {token.prefix}…
        </Text>
      </Table.Td>
      <Table.Td>
        <RelativeTime at={token.created_at} />
      </Table.Td>
      <Table.Td>
        <RelativeTime at={token.last_used_at} />
      </Table.Td>
      <Table.Td>
        {ends ? new Date(ends).toLocaleDateString(i18n.resolvedLanguage) : t("common:ago.never")}
      </Table.Td>
      <Table.Td>
        <ConfirmButton
          question={t("tokens.revokeQuestion", { name: token.name })}
          confirmLabel={t("tokens.revoke")}
          onConfirm={() => revoke.mutate(token.id)}
          loading={revoke.isPending}
        >
          {t("tokens.revoke")}
        </ConfirmButton>
      </Table.Td>
    </Table.Tr>
  );
}

export function TokensSection() {
  const { t } = useTranslation("accounts");
  const tokens = useTokens();
  const create = useCreateToken();
  const at = useFieldError(create.error);
  const [name, setName] = useState("");
  const [days, setDays] = useState<number | null>(90);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name, expires_at: endAfter(days) }, { onSuccess: () => setName("") });
  };

  return (
    <Section title={t("tokens.title")} hint={t("tokens.hint")}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="end" gap="sm">
            <TextInput
              label={t("tokens.name")}
              placeholder={t("tokens.namePlaceholder")}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
              error={at("name")}
              maxLength={100}
              required
              flex="1 1 200px"
            />
            <LifetimeSelect
              label={t("tokens.expires")}
              value={days}
              onChange={setDays}
              choices={LIFETIMES}
            />
            <Button type="submit" loading={create.isPending}>
              {t("tokens.create")}
            </Button>
          </Group>
          <FormError error={create.error} />
          {create.data?.token && (
            <SecretOnce
              title={t("tokens.made", { name: create.data.name })}
              value={create.data.token}
            />
          )}
        </Stack>
      </form>
      {tokens.isPending && <Loading lines={2} />}
      {tokens.isError && <ErrorState error={tokens.error} onRetry={tokens.refetch} />}
      {tokens.data?.length === 0 && (
        <Text size="sm" c="var(--quiet)">
          {t("tokens.empty")}
        </Text>
      )}
      {tokens.data && tokens.data.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("tokens.name")}</Table.Th>
                <Table.Th>{t("tokens.created")}</Table.Th>
                <Table.Th>{t("tokens.used")}</Table.Th>
                <Table.Th>{t("tokens.expires")}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t("actions")}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {tokens.data.map((token) => (
                <TokenRow key={token.id} token={token} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}
