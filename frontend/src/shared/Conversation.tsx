import { useTranslation } from "react-i18next";
import type { Message } from "../api/types";
import classes from "./Conversation.module.css";
import { Markdown } from "./Markdown";

const KNOWN_ROLES = new Set(["user", "assistant", "system", "tool"]);

/** A prompt's messages, each under the name of who speaks. */
export function Conversation({
  messages,
  lang,
  plain,
}: {
  messages: Message[];
  lang?: string;
  plain?: boolean;
}) {
  const { t } = useTranslation();
  return (
    <ol className={classes.conversation} aria-label={t("conversation.label")}>
      {messages.map((message, position) => (
        <li
          // biome-ignore lint/suspicious/noArrayIndexKey: messages have no ids and never move
          key={position}
          className={classes.message}
          data-role={message.role}
        >
          <div className={classes.role}>
            {KNOWN_ROLES.has(message.role) ? t(`conversation.${message.role}`) : message.role}
          </div>
          <Markdown lang={lang} plain={plain}>
            {message.content}
          </Markdown>
        </li>
      ))}
    </ol>
  );
}
