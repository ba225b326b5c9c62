import { Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Page } from "../shared/Page";
import { KeysSection } from "./KeysSection";
import { PasswordSection } from "./PasswordSection";
import { ProfileSection } from "./ProfileSection";
import { TokensSection } from "./TokensSection";

export function AccountPage() {
  const { t } = useTranslation("accounts");
  return (
    <Page width={800}>
      <title>{`${t("common:nav.account")} – ${t("common:appName")}`}</title>
      <Title order={1}>{t("common:nav.account")}</Title>
      <ProfileSection />
      <PasswordSection />
      <KeysSection />
      <TokensSection />
    </Page>
  );
}
