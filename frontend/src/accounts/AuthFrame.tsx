import { Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** The narrow card of the pages that one sees before signing in. */
export function AuthFrame({
  title,
  hint,
  children,
}: {
  title: string;
  hint?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Stack maw={440} mx="auto" p="md" mt={{ base: "xs", sm: 48 }}>
      <Paper withBorder p={{ base: "md", sm: "lg" }}>
        <Stack>
          <Title order={1} size="h2">
            {title}
          </Title>
          {hint && (
            <Text component="div" c="var(--quiet)">
              {hint}
            </Text>
          )}
          {children}
        </Stack>
      </Paper>
    </Stack>
  );
}
