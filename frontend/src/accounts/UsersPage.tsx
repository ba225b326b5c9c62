import { Badge, Button, Group, Modal, Paper, Stack, Text, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { useUser } from "../api/session";
import type { User } from "../api/types";
import { ConfirmButton } from "../shared/ConfirmButton";
import { FormError } from "../shared/FormError";
import { Page } from "../shared/Page";
import { RelativeTime } from "../shared/RelativeTime";
import { SecretOnce } from "../shared/SecretOnce";
import { Empty, ErrorState, Loading } from "../shared/States";
import { NewUserForm } from "./NewUserForm";
import { useResetLink, useUpdateUser, useUsers } from "./users";

function UserRow({ user, own }: { user: User; own: boolean }) {
  const { t } = useTranslation("accounts");
  const update = useUpdateUser();
  const reset = useResetLink();
  const active = user.is_active !== false;
  return (
    <Paper component="li" withBorder p="sm" style={{ listStyle: "none" }}>
      <Stack gap="xs">
        <Group justify="space-between" align="start">
          <div>
            <Group gap="xs">
              <Text fw={500} style={{ overflowWrap: "anywhere" }}>
                {user.username}
              </Text>
              {user.is_superuser && (
                <Badge variant="light" size="sm">
                  {t("users.superuser")}
                </Badge>
              )}
              {!active && (
                <Badge variant="outline" color="gray" size="sm">
                  {t("users.inactive")}
                </Badge>
              )}
            </Group>
            <Text size="sm" c="var(--quiet)">
              {user.email && `${user.email} · `}
              {t("users.joined")} <RelativeTime at={user.date_joined} />
            </Text>
          </div>
          <Group gap="xs">
            {active && (
              <Button
                size="xs"
                variant="default"
                onClick={() => reset.mutate(user.id)}
                loading={reset.isPending}
              >
                {t("users.resetLink")}
              </Button>
            )}
            {!own && (
              <ConfirmButton
                question={t(active ? "users.deactivateQuestion" : "users.activateQuestion", {
                  name: user.username,
                })}
                confirmLabel={t(active ? "users.deactivate" : "users.activate")}
                onConfirm={() => update.mutate({ id: user.id, is_active: !active })}
                loading={update.isPending}
              >
                {t(active ? "users.deactivate" : "users.activate")}
              </ConfirmButton>
            )}
            {!own && (
              <ConfirmButton
                question={t(user.is_superuser ? "users.demoteQuestion" : "users.promoteQuestion", {
                  name: user.username,
                })}
                onConfirm={() => update.mutate({ id: user.id, is_superuser: !user.is_superuser })}
                loading={update.isPending}
              >
                {t(user.is_superuser ? "users.demote" : "users.promote")}
              </ConfirmButton>
            )}
          </Group>
        </Group>
        <FormError error={update.error ?? reset.error} />
        {reset.data && (
          <SecretOnce
            title={t("users.resetMade", { name: user.username })}
            value={reset.data.url}
          />
        )}
      </Stack>
    </Paper>
  );
}

export function UsersPage() {
  const { t } = useTranslation("accounts");
  const me = useUser();
  const users = useUsers();
  const [creating, { open, close }] = useDisclosure(false);

  if (!me.is_superuser) {
    return <Empty title={t("common:state.notFoundTitle")} hint={t("users.forSuperusers")} />;
  }
  return (
    <Page width={960}>
      <title>{`${t("common:nav.users")} – ${t("common:appName")}`}</title>
      <Group justify="space-between">
        <Title order={1}>{t("common:nav.users")}</Title>
        <Button onClick={open}>{t("users.new")}</Button>
      </Group>
      <Modal opened={creating} onClose={close} title={t("users.new")}>
        <NewUserForm onDone={close} />
      </Modal>
      {users.isPending && <Loading />}
      {users.isError && <ErrorState error={users.error} onRetry={users.refetch} />}
      {users.data && (
        <Stack component="ol" gap="xs" m={0} p={0}>
          {users.data.pages
            .flatMap((page) => page.results)
            .map((user) => (
              <UserRow key={user.id} user={user} own={user.id === me.id} />
            ))}
        </Stack>
      )}
      {users.hasNextPage && (
        <Button
          variant="default"
          onClick={() => users.fetchNextPage()}
          loading={users.isFetchingNextPage}
        >
          {t("common:action.more")}
        </Button>
      )}
    </Page>
  );
}
