import { MantineProvider, mergeThemeOverrides } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClientProvider } from "@tanstack/react-query";
import { Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { RouterProvider } from "react-router";
import { Loading } from "../shared/States";
import { queryClient } from "./query-client";
import { router } from "./router";
import { theme } from "./theme";

/** The kit's own words, in the reader's language. */
function useLocalTheme() {
  const { t } = useTranslation();
  const close = t("action.close");
  return useMemo(() => {
    const defaultProps = { closeButtonProps: { "aria-label": close } };
    return mergeThemeOverrides(theme, {
      components: {
        Modal: { defaultProps: { ...theme.components?.Modal?.defaultProps, ...defaultProps } },
        Drawer: { defaultProps },
        Notification: { defaultProps },
      },
    });
  }, [close]);
}

export function App() {
  const localTheme = useLocalTheme();
  return (
    <MantineProvider theme={localTheme} defaultColorScheme="auto">
      <QueryClientProvider client={queryClient}>
        <Notifications position="bottom-right" limit={3} />
        <Suspense fallback={<Loading />}>
          <RouterProvider router={router} />
        </Suspense>
      </QueryClientProvider>
    </MantineProvider>
  );
}
