import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/http";
import type { AccessToken, Page } from "../api/types";

const tokensKey = ["account", "tokens"] as const;

export function useTokens() {
  return useQuery({
    queryKey: tokensKey,
    queryFn: async ({ signal }) =>
      (await api.get<Page<AccessToken>>("/account/tokens/", { limit: 1000 }, signal)).results,
  });
}

/** Makes a token; the answer alone has its secret. */
export function useCreateToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (token: { name: string; expires_at: string | null }) =>
      api.post<AccessToken>("/account/tokens/", token),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensKey }),
  });
}

export function useRevokeToken() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/account/tokens/${id}/`),
    onSuccess: () => client.invalidateQueries({ queryKey: tokensKey }),
  });
}
