import { Alert, Button, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { api } from "../api/http";
import { FormError } from "../shared/FormError";

/** Asks for a reset link; the answer is the same whether or not there is such an account. */
export function ForgottenForm() {
  const { t } = useTranslation("accounts");
  const [who, setWho] = useState("");
  const ask = useMutation({
    mutationFn: () => api.post("/password-reset/", { username_or_email: who }),
  });

  if (ask.isSuccess) return <Alert role="status">{t("forgotten.sent")}</Alert>;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack>
        <TextInput
          label={t("forgotten.who")}
          value={who}
          onChange={(event) => setWho(event.currentTarget.value)}
          autoComplete="username"
          required
        />
        <FormError error={ask.error} />
        <Button type="submit" loading={ask.isPending}>
          {t("forgotten.ask")}
        </Button>
      </Stack>
    </form>
  );
}
