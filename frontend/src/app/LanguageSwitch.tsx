import { ActionIcon, Menu } from "@mantine/core";
import { IconLanguage } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useSession, useUpdateAccount } from "../api/session";
import { accountOfCode, LANGUAGES, type LanguageCode, setLanguage } from "../i18n";

/** Changes the language here at once, and on the account when somebody is signed in. */
export function LanguageSwitch() {
  const { t, i18n } = useTranslation();
  const signedIn = Boolean(useSession().data?.user);
  const { mutate } = useUpdateAccount();

  const choose = (code: LanguageCode) => {
    void setLanguage(code);
    if (signedIn) mutate({ language: accountOfCode(code) });
  };

  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t("language")}>
          <IconLanguage size={18} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        {LANGUAGES.map(({ code, label, html }) => (
          <Menu.Item
            key={code}
            lang={html}
            fw={i18n.resolvedLanguage === code ? 600 : undefined}
            aria-current={i18n.resolvedLanguage === code}
            onClick={() => choose(code)}
          >
            {label}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
