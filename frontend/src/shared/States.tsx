import { Alert, Button, Center, Skeleton, Stack, Text, VisuallyHidden } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/http";

/** A skeleton of `lines` lines, in the place where the content will stand. */
export function Loading({ lines = 4 }: { lines?: number }) {
  const { t } = useTranslation();
  return (
    <Stack p="md" gap="sm" aria-busy="true" role="status">
      <VisuallyHidden>{t("state.loading")}</VisuallyHidden>
      {Array.from({ length: lines }, (_, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines never move
        <Skeleton key={line} height={16} width={line % 2 ? "70%" : "100%"} />
      ))}
    </Stack>
  );
}

/** Nothing to show: says what to do first. */
export function Empty({
  title,
  hint,
  action,
  icon,
  heading,
}: {
  title: string;
  /** Where it is all there is on a page. */
  heading?: boolean;
  hint?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
}) {
  return (
    <Center p="xl">
      <Stack align="center" gap="sm" maw={480} ta="center">
        {icon}
        <Text fw={600} size="lg" component={heading ? "h1" : "p"} m={0}>
          {title}
        </Text>
        {hint && (
          <Text component="div" c="var(--quiet)">
            {hint}
          </Text>
        )}
        {action}
      </Stack>
    </Center>
  );
}

/** One plain sentence for an error, in the reader's language where we know it. */
export function useErrorText(): (error: unknown) => string {
  const { t } = useTranslation();
  return (error) => {
    if (!(error instanceof ApiError)) return String(error);
    if (error.status === 0) return t("state.network");
    if (error.status === 403) return error.message || t("state.forbidden");
    if (error.status === 404) return error.message || t("state.notFound");
    return error.message || error.code;
  };
}

export function ErrorState({ error, onRetry }: { error: unknown; onRetry?: () => unknown }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  return (
    <Stack p="md" maw={720} mx="auto">
      <Alert color="red" icon={<IconAlertTriangle />} title={t("state.failed")} role="alert">
        <Stack align="start" gap="sm">
          {errorText(error)}
          {onRetry && (
            <Button size="xs" variant="default" onClick={() => onRetry()}>
              {t("state.retry")}
            </Button>
          )}
        </Stack>
      </Alert>
    </Stack>
  );
}
