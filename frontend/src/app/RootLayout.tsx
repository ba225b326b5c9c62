import { Group, Text, UnstyledButton } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link, Outlet } from "react-router";
import { useOutboxAccount } from "../outbox";
import { OutboxBadge } from "../outbox/OutboxBadge";
import { LanguageSwitch } from "./LanguageSwitch";
import classes from "./layout.module.css";
import { SchemeSwitch } from "./SchemeSwitch";
import { UserMenu } from "./UserMenu";

export function RootLayout() {
  const { t } = useTranslation();
  useOutboxAccount();
  return (
    <>
      <title>{t("appName")}</title>
      <a href="#content" className="skip-link">
        {t("nav.skip")}
      </a>
      <header className={classes.header}>
        <UnstyledButton component={Link} to="/" className={classes.brand} aria-label={t("appName")}>
          <img src={`${import.meta.env.BASE_URL}favicon.svg`} alt="" width={20} height={20} />
          <Text fw={600}>{t("appName")}</Text>
        </UnstyledButton>
        <Group gap={4} wrap="nowrap" ml="auto">
          <OutboxBadge />
          <LanguageSwitch />
          <SchemeSwitch />
          <UserMenu />
        </Group>
      </header>
      <main id="content" tabIndex={-1} className={classes.content}>
        <Outlet />
      </main>
    </>
  );
}
