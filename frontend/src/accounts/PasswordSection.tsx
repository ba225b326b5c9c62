import { Button, Group, PasswordInput, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/http";
import { useUser } from "../api/session";
import { FormError, useFieldError } from "../shared/FormError";
import { Section } from "../shared/Section";
import { NewPasswordInput } from "./NewPasswordInput";

export function PasswordSection() {
  const { t } = useTranslation("accounts");
  const user = useUser();
  const [old, setOld] = useState("");
  const [fresh, setFresh] = useState("");
  const change = useMutation({
    mutationFn: () => api.post("/account/password/", { old_password: old, new_password: fresh }),
    onSuccess: () => {
      setOld("");
      setFresh("");
      notifications.show({ message: t("passwordChange.done") });
    },
  });
  const at = useFieldError(change.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate();
  };
  return (
    <Section title={t("passwordChange.title")} hint={t("passwordChange.hint")}>
      <form onSubmit={submit}>
        <input type="hidden" name="username" autoComplete="username" value={user.username} />
        <Stack>
          <Group grow align="start" preventGrowOverflow={false}>
            <PasswordInput
              label={t("passwordChange.old")}
              value={old}
              onChange={(event) => setOld(event.currentTarget.value)}
              error={at("old_password")}
              autoComplete="current-password"
              required
              miw={220}
            />
            <NewPasswordInput
              value={fresh}
              onChange={setFresh}
              error={at("new_password")}
              miw={220}
            />
          </Group>
          <FormError error={change.error} />
          <Group>
            <Button type="submit" variant="default" loading={change.isPending}>
              {t("passwordChange.set")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Section>
  );
}
