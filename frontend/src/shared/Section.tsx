import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

/** A titled part of a page. */
export function Section({
  title,
  hint,
  action,
  children,
}: {
  title: string;
  hint?: ReactNode;
  action?: ReactNode;
  children: ReactNode;
}) {
  return (
    <Paper component="section" withBorder p={{ base: "sm", sm: "md" }}>
      <Stack gap="md">
        <Group justify="space-between" align="start">
          <Stack gap={4} maw="70ch">
            <Title order={2} size="h4">
              {title}
            </Title>
            {hint && (
              <Text component="div" size="sm" c="var(--quiet)">
                {hint}
              </Text>
            )}
          </Stack>
          {action}
        </Group>
        {children}
      </Stack>
    </Paper>
  );
}
