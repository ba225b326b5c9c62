import { Button } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { Empty } from "../shared/States";

export function NotFoundPage() {
  const { t } = useTranslation();
  return (
    <>
      <title>{`${t("state.notFoundTitle")} – ${t("appName")}`}</title>
      <Empty
        heading
        title={t("state.notFoundTitle")}
        hint={t("state.notFound")}
        action={
          <Button component={Link} to="/" variant="light">
            {t("state.home")}
          </Button>
        }
      />
    </>
  );
}
