import {
  type QueryClient,
  useIsMutating,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { api } from "./http";
import type { Account, Session } from "./types";

export const sessionKey = ["session"] as const;

/** Who is signed in. Always answers; `user` is null for nobody. */
export function useSession() {
  return useQuery({
    queryKey: sessionKey,
    queryFn: ({ signal }) => api.get<Session>("/session/", undefined, signal),
    staleTime: 60_000,
  });
}

/** The signed-in person. For pages behind the log-in only. */
export function useUser(): Account {
  const user = useSession().data?.user;
  if (!user) throw new Error("useUser is for pages behind the log-in");
  return user;
}

/** Forgets what the one before has seen. The session itself stays: layouts that are shown already watch it. */
function forgetPages(client: QueryClient): void {
  client.removeQueries({ predicate: (query) => query.queryKey[0] !== sessionKey[0] });
}

export function useSignIn() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (credentials: { username: string; password: string }) =>
      api.post<Session>("/session/", credentials),
    onSuccess: (session) => {
      forgetPages(client);
      client.setQueryData(sessionKey, session);
    },
  });
}

const signOutKey = ["sign-out"] as const;

export function useSignOut() {
  const client = useQueryClient();
  return useMutation({
    mutationKey: signOutKey,
    mutationFn: () => api.delete("/session/"),
    onSuccess: async () => {
      forgetPages(client);
      client.setQueryData<Session>(sessionKey, (before) => before && { ...before, user: null });
      await client.invalidateQueries({ queryKey: sessionKey });
    },
  });
}

/** Whether somebody is just leaving, until the page knows that nobody is signed in. */
export function useIsSigningOut(): boolean {
  return useIsMutating({ mutationKey: signOutKey }) > 0;
}

export function useUpdateAccount() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (change: Partial<Pick<Account, "email" | "language" | "preferences">>) =>
      api.patch<Account>("/account/", change),
    onSuccess: (user) =>
      client.setQueryData<Session>(sessionKey, (session) => session && { ...session, user }),
  });
}
