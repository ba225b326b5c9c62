import { Button, Group, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { Invitation, Role } from "../api/types";
import { ConfirmButton } from "../shared/ConfirmButton";
import { FormError } from "../shared/FormError";
import { endAfter, LifetimeSelect } from "../shared/Lifetime";
import { RelativeTime } from "../shared/RelativeTime";
import { SecretOnce } from "../shared/SecretOnce";
import { Section } from "../shared/Section";
import { ErrorState, Loading } from "../shared/States";
import { useCreateInvitation, useInvitations, useRevokeInvitation } from "./members";
import { RoleSelect } from "./RoleSelect";

const LIFETIMES = [1, 7, 30, 90] as const;

function InvitationRow({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation("settings");
  const project = useProject();
  const revoke = useRevokeInvitation(project.id);
  const over = Date.parse(invitation.expires_at) < Date.now();
  return (
    <Table.Tr>
      <Table.Td>{t(`common:role.${invitation.role}`)}</Table.Td>
      <Table.Td>
        {over && `${t("invitations.over")} `}
        <RelativeTime at={invitation.expires_at} />
      </Table.Td>
      <Table.Td>{t("invitations.uses", { count: invitation.uses })}</Table.Td>
      <Table.Td>
        {invitation.created_by}, <RelativeTime at={invitation.created_at} />
      </Table.Td>
      <Table.Td ta="right">
        <ConfirmButton
          question={t("invitations.revokeQuestion")}
          confirmLabel={t("invitations.revoke")}
          onConfirm={() => revoke.mutate(invitation.id)}
          loading={revoke.isPending}
        >
          {t("invitations.revoke")}
        </ConfirmButton>
        <FormError error={revoke.error} />
      </Table.Td>
    </Table.Tr>
  );
}

export function InvitationsSection() {
  const { t } = useTranslation("settings");
  const project = useProject();
  const invitations = useInvitations(project.id);
  const create = useCreateInvitation(project.id);
  const [role, setRole] = useState<Role>("annotator");
  const [days, setDays] = useState<number | null>(7);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ role, expires_at: endAfter(days) });
  };
  return (
    <Section title={t("invitations.title")} hint={t("invitations.hint")}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="end" gap="sm">
            <RoleSelect label={t("members.role")} value={role} onChange={setRole} w={160} />
            <LifetimeSelect
              label={t("invitations.expires")}
              value={days}
              onChange={setDays}
              choices={LIFETIMES}
            />
            <Button type="submit" loading={create.isPending}>
              {t("invitations.create")}
            </Button>
          </Group>
          <FormError error={create.error} />
          {create.data?.url && <SecretOnce title={t("invitations.made")} value={create.data.url} />}
        </Stack>
      </form>
      {invitations.isPending && <Loading lines={2} />}
      {invitations.isError && (
        <ErrorState error={invitations.error} onRetry={invitations.refetch} />
      )}
      {invitations.data?.length === 0 && (
        <Text size="sm" c="var(--quiet)">
          {t("invitations.empty")}
        </Text>
      )}
      {invitations.data && invitations.data.length > 0 && (
        <Table.ScrollContainer minWidth={560}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("members.role")}</Table.Th>
                <Table.Th>{t("invitations.expires")}</Table.Th>
                <Table.Th>{t("invitations.used")}</Table.Th>
                <Table.Th>{t("invitations.by")}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t("actions")}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {invitations.data.map((invitation) => (
                <InvitationRow key={invitation.id} invitation={invitation} />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}
