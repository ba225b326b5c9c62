import { PasswordInput, type PasswordInputProps } from "@mantine/core";
import { useTranslation } from "react-i18next";

export function NewPasswordInput({
  value,
  onChange,
  ...props
}: Omit<PasswordInputProps, "onChange" | "value"> & {
  value: string;
  onChange: (value: string) => void;
}) {
  const { t } = useTranslation("accounts");
  return (
    <PasswordInput
      label={t("newPassword")}
      description={t("newPasswordHint")}
      inputWrapperOrder={["label", "input", "description", "error"]}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      autoComplete="new-password"
      required
      {...props}
    />
  );
}
