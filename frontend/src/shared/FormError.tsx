import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/http";
import { useErrorText } from "./States";

/** Sentences of the server that stand at fields again and again, by their key in the catalogue. */
const KNOWN: Record<string, string> = {
  "This field is required.": "required",
  "This field may not be blank.": "required",
  "This field may not be null.": "required",
  "Choose another name.": "otherName",
  "No account has this name.": "noAccount",
  "This is not it.": "wrong",
  "Choose a later time.": "later",
  "Enter a valid email address.": "email",
  "This must not be empty.": "required",
  "This password is too common.": "common",
  "This password is too short. It must contain at least 8 characters.": "short",
  "The password is too similar to the username.": "similar",
  "This password is entirely numeric.": "numeric",
  "The highest score must be above the lowest one.": "scale",
};

/** Tells what the server says about a field; a field's parts (`labels.3`) belong to it. */
export function useFieldError(error: unknown): (name: string) => string | undefined {
  const { t } = useTranslation("errors");
  return (name) => {
    if (!(error instanceof ApiError)) return undefined;
    const messages = Object.entries(error.fields)
      .filter(([path]) => path === name || path.startsWith(`${name}.`))
      .flatMap(([, found]) => found)
      .map((message) => (KNOWN[message] ? t(`field.${KNOWN[message]}`) : message));
    return messages.length > 0 ? messages.join(" ") : undefined;
  };
}

/** One sentence for an error: ours where its code says everything, else the server's. */
export function useErrorMessage(): (error: unknown) => string {
  const { t, i18n } = useTranslation("errors");
  const errorText = useErrorText();
  return (error) => {
    if (error instanceof ApiError && i18n.exists(`errors:${error.code}`)) return t(error.code);
    return errorText(error);
  };
}

/** The error of a form, above its button; nothing while there is none. */
export function FormError({ error }: { error: unknown }) {
  const message = useErrorMessage();
  if (!error) return null;
  return (
    <Alert color="red" icon={<IconAlertTriangle />} role="alert">
      {message(error)}
    </Alert>
  );
}
