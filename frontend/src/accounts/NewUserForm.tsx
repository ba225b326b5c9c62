import { Button, Group, Stack, TextInput } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { FormError, useFieldError } from "../shared/FormError";
import { NewPasswordInput } from "./NewPasswordInput";
import { useCreateUser } from "./users";

const BLANK = { username: "", password: "", email: "" };

export function NewUserForm({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("accounts");
  const [user, setUser] = useState(BLANK);
  const create = useCreateUser();
  const at = useFieldError(create.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(user, {
      onSuccess: ({ username }) => {
        notifications.show({ message: t("users.created", { name: username }) });
        setUser(BLANK);
        onDone();
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <TextInput
          label={t("username")}
          value={user.username}
          onChange={(event) => setUser({ ...user, username: event.currentTarget.value })}
          error={at("username")}
          autoComplete="off"
          autoCapitalize="none"
          required
          data-autofocus
        />
        <TextInput
          type="email"
          label={t("email")}
          value={user.email}
          onChange={(event) => setUser({ ...user, email: event.currentTarget.value })}
          error={at("email")}
          autoComplete="off"
        />
        <NewPasswordInput
          label={t("users.firstPassword")}
          value={user.password}
          onChange={(password) => setUser({ ...user, password })}
          error={at("password")}
        />
        <FormError error={create.error} />
        <Group justify="end">
          <Button type="submit" loading={create.isPending}>
            {t("users.create")}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
