import { Button, Stack, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/http";
import { sessionKey } from "../api/session";
import { FormError, useFieldError } from "../shared/FormError";
import { NewPasswordInput } from "./NewPasswordInput";

/** Makes an account on the way into a project. */
export function RegisterForm({
  token,
  onDone,
}: {
  token: string;
  onDone: (project: string) => void;
}) {
  const { t } = useTranslation("accounts");
  const client = useQueryClient();
  const [username, setUsername] = useState("");
  const [password, setPassword] = useState("");
  const register = useMutation({
    mutationFn: () =>
      api.post<{ project: string }>(`/invitations/${token}/accept/`, { username, password }),
    onSuccess: async ({ project }) => {
      await client.invalidateQueries({ queryKey: sessionKey });
      onDone(project);
    },
  });
  const at = useFieldError(register.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    register.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("username")}
          value={username}
          onChange={(event) => setUsername(event.currentTarget.value)}
          error={at("username")}
          autoComplete="username"
          autoCapitalize="none"
          required
        />
        <NewPasswordInput
          label={t("password")}
          value={password}
          onChange={setPassword}
          error={at("password")}
        />
        <FormError error={register.error} />
        <Button type="submit" loading={register.isPending}>
          {t("invitation.register")}
        </Button>
      </Stack>
    </form>
  );
}
