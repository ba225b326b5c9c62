import { QueryClient } from "@tanstack/react-query";
import { ApiError, onSignedOut } from "../api/http";
import { sessionKey } from "../api/session";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      // The network is asked even when the browser believes to be offline: it is often wrong.
      networkMode: "always",
      retry: (failures, error) => error instanceof ApiError && error.isTemporary && failures < 2,
    },
    mutations: { networkMode: "always" },
  },
});

onSignedOut(() => {
  void queryClient.invalidateQueries({ queryKey: sessionKey });
});
