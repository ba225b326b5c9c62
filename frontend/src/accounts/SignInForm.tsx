import { Button, PasswordInput, Stack, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSignIn } from "../api/session";
import { FormError } from "../shared/FormError";

/** Name and password of an existing account; the page that shows it sees when somebody is signed in. */
export function SignInForm({ onDone }: { onDone?: () => void }) {
  const { t } = useTranslation("accounts");
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const signIn = useSignIn();

  const submit = (event: FormEvent) => {
    event.preventDefault();
    signIn.mutate({ username, password }, { onSuccess: onDone });
  };

  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("username")}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          autoComplete="username"
          autoCapitalize="none"
          required
          data-autofocus
        />
        <PasswordInput
          label={t("password")}
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
          autoComplete="current-password"
          required
        />
        <FormError error={signIn.error} />
        <Button type="submit" loading={signIn.isPending}>
          {t("signIn")}
        </Button>
      </Stack>
    </form>
  );
}
