import { useTranslation } from "react-i18next";
import { ConfirmButton } from "../shared/ConfirmButton";
import type { Model } from "./types";

/** Makes a version the champion; an older one is a roll back. */
export function PromoteButton({
  model,
  champion,
  busy,
  onConfirm,
}: {
  model: Model;
  champion: Model | undefined;
  busy: boolean;
  onConfirm: () => void;
}) {
  const { t } = useTranslation("training");
  const back = champion !== undefined && model.version < champion.version;
  const action = t(back ? "promote.back" : "promote.action");
  const question = champion
    ? t(back ? "promote.askBack" : "promote.ask", {
        version: model.version,
        champion: champion.version,
      })
    : t("promote.askFirst", { version: model.version });
  return (
    <ConfirmButton question={question} confirmLabel={action} onConfirm={onConfirm} loading={busy}>
      {action}
    </ConfirmButton>
  );
}
