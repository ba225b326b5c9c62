import { Button, Group, Stack } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { useProject } from "../api/projects";
import { ConfirmButton } from "../shared/ConfirmButton";
import { FormError, useFieldError } from "../shared/FormError";
import { Section } from "../shared/Section";
import { type General, GeneralFields } from "./GeneralFields";
import { useDeleteProject, useUpdateProject } from "./project";

function DeleteSection() {
  const { t } = useTranslation("settings");
  const project = useProject();
  const navigate = useNavigate();
  const remove = useDeleteProject(project.id);
  return (
    <Section title={t("delete.title")} hint={t("delete.hint")}>
      <FormError error={remove.error} />
      <Group>
        <ConfirmButton
          color="red"
          variant="outline"
          question={t("delete.question", { name: project.name })}
          confirmLabel={t("delete.button")}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => navigate("/") })}
          loading={remove.isPending}
        >
          {t("delete.button")}
        </ConfirmButton>
      </Group>
    </Section>
  );
}

export function GeneralTab() {
  const { t } = useTranslation("settings");
  const project = useProject();
  const [value, setValue] = useState<General>(() => ({
    name: project.name,
    description: project.description,
    overlap: project.overlap,
    blind: project.blind,
    mask_names: project.mask_names,
    shuffle: project.shuffle,
    reasons: project.reasons,
    own_figures: project.own_figures,
    lease_seconds: project.lease_seconds,
    good_at: project.good_at,
  }));
  const save = useUpdateProject(project.id);
  const at = useFieldError(save.error);

  const submit = (event: FormEvent) => {
    event.preventDefault();
    // The tab “Queue” has these two.
    const { overlap: _overlap, lease_seconds: _lease, ...change } = value;
    save.mutate(change, { onSuccess: () => notifications.show({ message: t("saved") }) });
  };
  return (
    <Stack gap="md">
      <Section title={t("tab.general")}>
        <form onSubmit={submit}>
          <Stack>
            <GeneralFields value={value} onChange={setValue} at={at} full />
            <FormError error={save.error} />
            <Group>
              <Button type="submit" loading={save.isPending}>
                {t("common:action.save")}
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
      <DeleteSection />
    </Stack>
  );
}
