import { Drawer, Text } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useTranslation } from "react-i18next";
import { Markdown } from "../shared/Markdown";
import classes from "./label.module.css";

/** The project's guidelines: beside the outputs where there is room, over them where not. */
export function Guidelines({
  text,
  opened,
  onClose,
}: {
  text: string;
  opened: boolean;
  onClose: () => void;
}) {
  const { t } = useTranslation("label");
  const wide = useMediaQuery("(min-width: 75em)", undefined, { getInitialValueInEffect: false });
  const body = text.trim() ? (
    <Markdown>{text}</Markdown>
  ) : (
    <Text size="sm" c="var(--quiet)">
      {t("guidelines.none")}
    </Text>
  );
  if (!wide) {
    return (
      <Drawer opened={opened} onClose={onClose} title={t("guidelines.title")} position="right">
        {body}
      </Drawer>
    );
  }
  if (!opened) return null;
  return (
    <aside className={classes.guidelines} aria-label={t("guidelines.title")}>
      <Text component="h2" size="sm" fw={600} mb="xs">
        {t("guidelines.title")}
      </Text>
      {body}
    </aside>
  );
}
