import { Button, Group, Stack, Table, Text, TextInput, VisuallyHidden } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { Member, Role } from "../api/types";
import { ConfirmButton } from "../shared/ConfirmButton";
import { FormError, useFieldError } from "../shared/FormError";
import { RelativeTime } from "../shared/RelativeTime";
import { Section } from "../shared/Section";
import { ErrorState, Loading } from "../shared/States";
import { useMembers, useRemoveMember, useSetMember } from "./members";
import { RoleSelect } from "./RoleSelect";

function MemberRow({ member, owner }: { member: Member; owner: boolean }) {
  const { t } = useTranslation("settings");
  const project = useProject();
  const set = useSetMember(project.id);
  const remove = useRemoveMember(project.id);
  const { username } = member;
  return (
    <Table.Tr>
      <Table.Td>
        {username}
        <FormError error={set.error ?? remove.error} />
      </Table.Td>
      <Table.Td>
        {owner ? (
          <Text size="sm">{t("members.owner")}</Text>
        ) : (
          <RoleSelect
            size="xs"
            value={member.role}
            onChange={(role) => set.mutate({ username, role })}
            aria-label={t("members.roleOf", { name: username })}
            disabled={set.isPending}
            w={150}
          />
        )}
      </Table.Td>
      <Table.Td>
        <RelativeTime at={member.joined_at} />
      </Table.Td>
      <Table.Td ta="right">
        {!owner && (
          <ConfirmButton
            question={t("members.removeQuestion", { name: username })}
            confirmLabel={t("members.remove")}
            onConfirm={() => remove.mutate(username)}
            loading={remove.isPending}
          >
            {t("members.remove")}
          </ConfirmButton>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

export function MembersSection() {
  const { t } = useTranslation("settings");
  const project = useProject();
  const members = useMembers(project.id);
  const add = useSetMember(project.id);
  const at = useFieldError(add.error);
  const [username, setUsername] = useState("");
  const [role, setRole] = useState<Role>("annotator");

  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate({ username: username.trim(), role }, { onSuccess: () => setUsername("") });
  };
  return (
    <Section title={t("members.title")} hint={t("members.hint")}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Group align="start" gap="sm">
            <TextInput
              label={t("members.username")}
              value={username}
              onChange={(event) => setUsername(event.currentTarget.value)}
              error={at("username")}
              autoCapitalize="none"
              autoComplete="off"
              required
              flex="1 1 200px"
            />
            <RoleSelect label={t("members.role")} value={role} onChange={setRole} w={160} />
            <Button type="submit" mt={25} loading={add.isPending}>
              {t("members.add")}
            </Button>
          </Group>
          <FormError error={add.error} />
        </Stack>
      </form>
      {members.isPending && <Loading lines={2} />}
      {members.isError && <ErrorState error={members.error} onRetry={members.refetch} />}
      {members.data && (
        <Table.ScrollContainer minWidth={480}>
          <Table>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>{t("members.username")}</Table.Th>
                <Table.Th>{t("members.role")}</Table.Th>
                <Table.Th>{t("members.joined")}</Table.Th>
                <Table.Th>
                  <VisuallyHidden>{t("actions")}</VisuallyHidden>
                </Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {members.data.map((member) => (
                <MemberRow
                  key={member.username}
                  member={member}
                  owner={member.username === project.owner}
                />
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}
