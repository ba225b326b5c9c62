import { useTranslation } from "react-i18next";
import { KeyEditor } from "../label/KeyEditor";
import type { Binding } from "../label/keymap";
import { isPageAction, PAGE_TABLE } from "../label/page-keys";
import { useOwnKeys } from "../label/useOwnKeys";
import { FormError } from "../shared/FormError";
import { Section } from "../shared/Section";

/** The keys of the labelling page: those of the page itself, and those chosen for answers. */
export function KeysSection() {
  const { t } = useTranslation("label");
  const { own, change, error } = useOwnKeys();
  const chosen: Binding[] = Object.entries(own)
    .filter(([action]) => !isPageAction(action))
    .map(([action, { key, label, values }]) => ({
      action,
      label,
      values,
      keys: [key],
      group: "answer",
      run: () => undefined,
    }));
  return (
    <Section title={t("keys.title")} hint={t("keys.account")}>
      <FormError error={error} />
      <KeyEditor table={[...chosen, ...PAGE_TABLE]} own={own} onChange={change} />
    </Section>
  );
}
