import { Alert, Button, Code, Group, Stack } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link, useRouteError } from "react-router";

/** What a page shows when its code failed: the rest of the application stays usable. */
export function RouteError() {
  const { t } = useTranslation();
  const error = useRouteError();
  return (
    <Stack maw={720} mx="auto" p="lg">
      <Alert color="red" icon={<IconAlertTriangle />} title={t("state.crashed")} role="alert">
        {t("state.crashedHint")}
      </Alert>
      <Code block>{error instanceof Error ? error.message : String(error)}</Code>
      <Group>
        <Button onClick={() => window.location.reload()}>{t("state.reload")}</Button>
        <Button component={Link} to="/" variant="default">
          {t("state.home")}
        </Button>
      </Group>
    </Stack>
  );
}
