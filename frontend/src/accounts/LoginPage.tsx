import { Alert, Anchor, Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Navigate, useSearchParams } from "react-router";
import { useSession, useSignIn } from "../api/session";
import { FormError } from "../shared/FormError";
import { ErrorState, Loading } from "../shared/States";
import { AuthFrame } from "./AuthFrame";
import { ForgottenForm } from "./ForgottenForm";
import { nextPath } from "./next-path";
import { SignInForm } from "./SignInForm";

export function LoginPage() {
  const { t } = useTranslation("accounts");
  const [parameters] = useSearchParams();
  const next = nextPath(parameters.get("next"));
  const [forgotten, setForgotten] = useState(false);
  const session = useSession();
  const demoSignIn = useSignIn();

  if (session.isPending) return <Loading />;
  if (!session.data) return <ErrorState error={session.error} onRetry={session.refetch} />;
  if (session.data.user) return <Navigate to={next} replace />;
  const { demo } = session.data;

  if (forgotten) {
    return (
      <AuthFrame title={t("forgotten.title")} hint={t("forgotten.hint")}>
        <ForgottenForm />
        <Anchor component="button" type="button" onClick={() => setForgotten(false)}>
          {t("forgotten.back")}
        </Anchor>
      </AuthFrame>
    );
  }

  return (
    <AuthFrame title={t("signInTitle")}>
      {demo && (
        <Alert title={t("demo.title")}>
          <Stack gap="sm" align="start">
            <Text size="sm">{t("demo.hint", demo)}</Text>
            <Button onClick={() => demoSignIn.mutate(demo)} loading={demoSignIn.isPending}>
              {t("demo.enter")}
            </Button>
            <FormError error={demoSignIn.error} />
          </Stack>
        </Alert>
      )}
      <SignInForm />
      <Anchor component="button" type="button" size="sm" onClick={() => setForgotten(true)}>
        {t("forgotten.link")}
      </Anchor>
    </AuthFrame>
  );
}
