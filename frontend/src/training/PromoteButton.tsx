import { Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/http";
import { PromoteAnyway } from "../must-pass/PromoteAnyway";
import { ConfirmButton } from "../shared/ConfirmButton";
import { useErrorText } from "../shared/States";
import type { Model } from "./types";
import { usePromote } from "./use-training";

const asks = (error: unknown): error is ApiError =>
  error instanceof ApiError &&
  (error.code === "must_pass_failed" || error.code === "must_pass_unknown");

/** Makes a version the champion; an older one is a roll back. It asks again where must-pass pairs fail. */
export function PromoteButton({ model, champion }: { model: Model; champion: Model | undefined }) {
  const { t } = useTranslation("training");
  const errorText = useErrorText();
  const promote = usePromote(model.project);
  const back = champion !== undefined && model.version < champion.version;
  const action = t(back ? "promote.back" : "promote.action");
  const question = champion
    ? t(back ? "promote.askBack" : "promote.ask", {
        version: model.version,
        champion: champion.version,
      })
    : t("promote.askFirst", { version: model.version });
  return (
    <Stack gap={4} align="end">
      <ConfirmButton
        question={question}
        confirmLabel={action}
        onConfirm={() => promote.mutate({ model: model.id, force: false })}
        loading={promote.isPending}
      >
        {action}
      </ConfirmButton>
      {asks(promote.error) && (
        <PromoteAnyway
          model={model}
          known={promote.error.code === "must_pass_failed"}
          onCancel={promote.reset}
          onConfirm={() => promote.mutate({ model: model.id, force: true })}
        />
      )}
      {promote.isError && !asks(promote.error) && (
        <Text size="sm" c="red" role="alert">
          {errorText(promote.error)}
        </Text>
      )}
    </Stack>
  );
}
