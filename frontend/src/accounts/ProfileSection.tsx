import { Button, Group, Select, Stack, TextInput, useMantineColorScheme } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useUpdateAccount, useUser } from "../api/session";
import type { Language } from "../api/types";
import { codeOfAccount, LANGUAGES, setLanguage } from "../i18n";
import { FormError, useFieldError } from "../shared/FormError";
import { Section } from "../shared/Section";

const SCHEMES = ["auto", "light", "dark"] as const;

/** Who one is, and how the interface looks and speaks. */
export function ProfileSection() {
  const { t } = useTranslation("accounts");
  const user = useUser();
  const [email, setEmail] = useState(user.email);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const saveEmail = useUpdateAccount();
  const saveLanguage = useUpdateAccount();
  const at = useFieldError(saveEmail.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    saveEmail.mutate(
      { email },
      { onSuccess: () => notifications.show({ message: t("profile.saved") }) },
    );
  };
  const chooseLanguage = (value: string | null) => {
    const language = LANGUAGES.find((one) => one.account === value)?.account;
    const code = language && codeOfAccount(language);
    if (!code) return;
    void setLanguage(code);
    saveLanguage.mutate({ language: language satisfies Language });
  };

  return (
    <Section title={t("profile.title")} hint={t("profile.hint", { name: user.username })}>
      <form onSubmit={submit}>
        <Group align="end" gap="sm">
          <TextInput
            type="email"
            label={t("email")}
            description={t("profile.emailHint")}
            value={email}
            onChange={(event) => setEmail(event.currentTarget.value)}
            error={at("email")}
            autoComplete="email"
            flex="1 1 220px"
          />
          <Button
            type="submit"
            variant="default"
            disabled={email === user.email}
            loading={saveEmail.isPending}
          >
            {t("common:action.save")}
          </Button>
        </Group>
      </form>
      <Stack gap="xs">
        <Group grow align="start" preventGrowOverflow={false}>
          <Select
            label={t("common:language")}
            data={LANGUAGES.map(({ account, label }) => ({ value: account, label }))}
            value={user.language || null}
            placeholder={t("profile.languageOfBrowser")}
            onChange={chooseLanguage}
            allowDeselect={false}
            miw={180}
          />
          <Select
            label={t("profile.scheme")}
            data={SCHEMES.map((scheme) => ({
              value: scheme,
              label: t(`profile.schemes.${scheme}`),
            }))}
            value={colorScheme}
            onChange={(value) => {
              const chosen = SCHEMES.find((scheme) => scheme === value);
              if (chosen) setColorScheme(chosen);
            }}
            allowDeselect={false}
            miw={180}
          />
        </Group>
        <FormError error={saveLanguage.error} />
      </Stack>
    </Section>
  );
}
