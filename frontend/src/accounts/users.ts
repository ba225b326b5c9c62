import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { api, getNext } from "../api/http";
import type { Page, User } from "../api/types";

const usersKey = ["users"] as const;

export function useUsers() {
  return useInfiniteQuery({
    queryKey: usersKey,
    initialPageParam: "",
    queryFn: ({ pageParam, signal }) =>
      pageParam
        ? getNext<Page<User>>(pageParam, signal)
        : api.get<Page<User>>("/users/", undefined, signal),
    getNextPageParam: (page) => page.next,
  });
}

export interface NewUser {
  username: string;
  password: string;
  email: string;
}

export function useCreateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (user: NewUser) => api.post<User>("/users/", user),
    onSuccess: () => client.invalidateQueries({ queryKey: usersKey }),
  });
}

export function useUpdateUser() {
  const client = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...change }: { id: string; is_active?: boolean; is_superuser?: boolean }) =>
      api.patch<User>(`/users/${id}/`, change),
    onSuccess: () => client.invalidateQueries({ queryKey: usersKey }),
  });
}

/** Makes a link with which that person sets a new password. */
export function useResetLink() {
  return useMutation({
    mutationFn: (id: string) => api.post<{ url: string }>(`/users/${id}/password-reset/`),
  });
}
