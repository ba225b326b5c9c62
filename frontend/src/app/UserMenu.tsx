import { Button, Menu } from "@mantine/core";
import { IconBook2, IconLogout, IconUser, IconUsers } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useSession, useSignOut } from "../api/session";

export function UserMenu() {
  const { t } = useTranslation();
  const user = useSession().data?.user;
  const signOut = useSignOut();
  if (!user) return null;

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="subtle"
          color="gray"
          size="compact-md"
          leftSection={<IconUser size={16} />}
          aria-label={t("nav.menuOf", { name: user.username })}
          maw={160}
        >
          {user.username}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item component={Link} to="/account" leftSection={<IconUser size={16} />}>
          {t("nav.account")}
        </Menu.Item>
        {user.is_superuser && (
          <Menu.Item component={Link} to="/users" leftSection={<IconUsers size={16} />}>
            {t("nav.users")}
          </Menu.Item>
        )}
        <Menu.Item component="a" href="/api/v1/docs/" leftSection={<IconBook2 size={16} />}>
          {t("nav.apiDocs")}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => signOut.mutate()}>
          {t("nav.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
