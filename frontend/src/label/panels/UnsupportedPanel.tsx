import { Alert } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { PanelProps } from "./types";

/** For kinds that are answered through the API only. */
export function UnsupportedPanel({ questions }: PanelProps) {
  const { t } = useTranslation("label");
  const [question] = questions;
  if (!question) return null;
  return (
    <Alert p="xs" color={question.required ? "red" : "gray"}>
      {t(question.required ? "unsupported.required" : "unsupported.optional", {
        kind: t(`kind.${question.kind}`),
      })}
    </Alert>
  );
}
