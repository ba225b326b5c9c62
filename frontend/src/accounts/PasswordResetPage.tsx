import { Button, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api } from "../api/http";
import { FormError, useFieldError } from "../shared/FormError";
import { AuthFrame } from "./AuthFrame";
import { NewPasswordInput } from "./NewPasswordInput";

/** The other end of a reset link. */
export function PasswordResetPage() {
  const { t } = useTranslation("accounts");
  const { uid = "", token = "" } = useParams();
  const [password, setPassword] = useState("");
  const reset = useMutation({
    mutationFn: () => api.post("/password-reset/confirm/", { uid, token, new_password: password }),
  });
  const at = useFieldError(reset.error);

  if (reset.isSuccess) {
    return (
      <AuthFrame title={t("reset.doneTitle")}>
        <Text>{t("reset.done")}</Text>
        <Button component={Link} to="/login">
          {t("signIn")}
        </Button>
      </AuthFrame>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    reset.mutate();
  };
  return (
    <AuthFrame title={t("reset.title")}>
      <form onSubmit={submit}>
        <Stack>
          <NewPasswordInput value={password} onChange={setPassword} error={at("new_password")} />
          <FormError error={reset.error} />
          <Button type="submit" loading={reset.isPending}>
            {t("reset.set")}
          </Button>
        </Stack>
      </form>
    </AuthFrame>
  );
}
