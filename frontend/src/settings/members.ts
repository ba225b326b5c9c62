import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api } from "../api/http";
import { projectKey } from "../api/projects";
import type { Invitation, Member, Page, Role } from "../api/types";

const membersKey = (project: string) => [...projectKey(project), "members"] as const;
const invitationsKey = (project: string) => [...projectKey(project), "invitations"] as const;

export function useMembers(project: string) {
  return useQuery({
    queryKey: membersKey(project),
    queryFn: async ({ signal }) =>
      (await api.get<Page<Member>>(`/projects/${project}/members/`, { limit: 1000 }, signal))
        .results,
  });
}

/** Gives an account a role, whether or not it had one. */
export function useSetMember(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (member: { username: string; role: Role }) =>
      api.post<Member>(`/projects/${project}/members/`, member),
    onSuccess: () => client.invalidateQueries({ queryKey: membersKey(project) }),
  });
}

export function useRemoveMember(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (username: string) =>
      api.delete(`/projects/${project}/members/`, undefined, { username }),
    onSuccess: () => client.invalidateQueries({ queryKey: membersKey(project) }),
  });
}

export function useInvitations(project: string) {
  return useQuery({
    queryKey: invitationsKey(project),
    queryFn: async ({ signal }) =>
      (
        await api.get<Page<Invitation>>(
          `/projects/${project}/invitations/`,
          { limit: 1000 },
          signal,
        )
      ).results,
  });
}

/** Makes a link; the answer alone has its address. */
export function useCreateInvitation(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (invitation: { role: Role; expires_at: string | null }) =>
      api.post<Invitation>(`/projects/${project}/invitations/`, invitation),
    onSuccess: () => client.invalidateQueries({ queryKey: invitationsKey(project) }),
  });
}

export function useRevokeInvitation(project: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => api.delete(`/projects/${project}/invitations/${id}/`),
    onSuccess: () => client.invalidateQueries({ queryKey: invitationsKey(project) }),
  });
}
