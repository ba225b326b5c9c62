import { Stack } from "@mantine/core";
import type { ReactNode } from "react";

/** The frame of every page but the labelling one. */
export function Page({ children, width = 1200 }: { children: ReactNode; width?: number }) {
  return (
    <Stack maw={width} mx="auto" p={{ base: "xs", sm: "lg" }} gap="md">
      {children}
    </Stack>
  );
}
