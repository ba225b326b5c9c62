import { Select, type SelectProps } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { Role } from "../api/types";

const ROLES: readonly Role[] = ["annotator", "reviewer", "admin"];

export function RoleSelect({
  value,
  onChange,
  ...props
}: Omit<SelectProps, "value" | "onChange" | "data"> & {
  value: Role;
  onChange: (role: Role) => void;
}) {
  const { t } = useTranslation();
  return (
    <Select
      data={ROLES.map((role) => ({ value: role, label: t(`role.${role}`) }))}
      value={value}
      onChange={(chosen) => {
        const role = ROLES.find((one) => one === chosen);
        if (role) onChange(role);
      }}
      allowDeselect={false}
      {...props}
    />
  );
}
