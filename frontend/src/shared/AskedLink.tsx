import { Button, Code, Group, Modal, Stack, Text } from "@mantine/core";
import { type KeyboardEvent, type MouseEvent, type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";

const OUTSIDE = { target: "_blank", rel: "noopener noreferrer nofollow" } as const;

/**
 * A link in a text from outside: it shows its whole address and asks before it is followed. Browsers
 * drag a link where they would select other text, and Chromium selects nothing from within what takes
 * the focus; so one that must be `selectable` keeps its address to itself.
 */
export function AskedLink({
  href,
  title,
  className,
  selectable = false,
  suffix,
  children,
}: {
  href: string;
  title: string;
  className?: string | undefined;
  selectable?: boolean;
  /** What the page adds to the link; where the text must be selectable, this has the focus. */
  suffix?: ReactNode;
  children: ReactNode;
}) {
  const { t } = useTranslation();
  const [isAsking, setAsking] = useState(false);
  const press = (event: MouseEvent) => {
    event.preventDefault();
    // The end of a selection that began in the link is no wish to follow it.
    if (window.getSelection()?.isCollapsed !== false) setAsking(true);
  };
  const type = (event: KeyboardEvent) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    event.stopPropagation();
    setAsking(true);
  };
  const shared = { title, className, onClick: press };
  return (
    <>
      {selectable ? (
        <span {...shared} data-link>
          {children}
          {/* biome-ignore lint/a11y/useSemanticElements: a link with an address is dragged */}
          <span role="link" tabIndex={0} aria-label={title} onKeyDown={type}>
            {suffix}
          </span>
        </span>
      ) : (
        <a {...OUTSIDE} {...shared} href={href}>
          {children}
          {suffix}
        </a>
      )}
      {isAsking && (
        <Modal
          opened
          centered
          title={t("markdown.leave")}
          onClose={() => setAsking(false)}
          closeButtonProps={{ "aria-label": t("action.cancel") }}
        >
          <Stack gap="sm">
            <Text size="sm">{t("markdown.leaveNote")}</Text>
            <Code block style={{ overflowWrap: "anywhere", whiteSpace: "pre-wrap" }}>
              {href}
            </Code>
            <Group justify="end">
              <Button variant="default" onClick={() => setAsking(false)}>
                {t("action.cancel")}
              </Button>
              <Button
                component="a"
                {...OUTSIDE}
                href={href}
                data-autofocus
                onClick={() => setAsking(false)}
              >
                {t("markdown.follow")}
              </Button>
            </Group>
          </Stack>
        </Modal>
      )}
    </>
  );
}
