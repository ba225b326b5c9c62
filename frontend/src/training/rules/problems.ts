import { useTranslation } from "react-i18next";
import { ApiError } from "../../api/http";
import type { Problem } from "./draft";

const EXPRESSION = "is no regular expression: ";

/** The server's refusal by the paths of what it refuses; empty where it is about something else. */
export function serverProblems(error: unknown): Record<string, string> {
  if (!(error instanceof ApiError)) return {};
  return Object.fromEntries(
    Object.entries(error.fields).map(([path, messages]) => [path, messages.join(" ")]),
  );
}

/** What is wrong at a place, in the reader's language where we know it. */
export function useProblemText(): (problem: Problem | string | undefined) => string | undefined {
  const { t, i18n } = useTranslation("rules");
  return (problem) => {
    if (problem === undefined) return undefined;
    if (problem.startsWith(EXPRESSION)) {
      return t("problem.expression", { detail: problem.slice(EXPRESSION.length) });
    }
    return i18n.exists(`rules:problem.${problem}`) ? t(`problem.${problem}`) : problem;
  };
}
