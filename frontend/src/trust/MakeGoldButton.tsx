import { Button, type ButtonProps } from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { IconMedal } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useProject } from "../api/projects";
import type { Answers } from "../api/types";
import { kindOf } from "../kinds";
import { GoldDialog } from "./GoldDialog";
import { type GoldSource, useMakeGold } from "./use-gold";

/** Makes what a judgment says, or given answers to an item, the known answer of the item. */
export function MakeGoldButton({
  source,
  answers,
  ...props
}: {
  source: GoldSource;
  /** What it says, for the tolerance. */
  answers: Answers;
} & ButtonProps) {
  const { t } = useTranslation("gold");
  const { id, questions } = useProject();
  const [open, setOpen] = useState(false);
  const make = useMakeGold(id);
  const checkable = questions.some((one) => answers[one.name] && kindOf(one)?.tolerance);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        leftSection={<IconMedal size={14} />}
        {...props}
        disabled={!checkable}
        title={checkable ? undefined : t("make.unchecked")}
        onClick={() => setOpen(true)}
      >
        {t("make.button")}
      </Button>
      {open && (
        <GoldDialog
          title={t("make.title")}
          answers={answers}
          tolerance={{}}
          explanation=""
          error={make.error}
          busy={make.isPending}
          onClose={() => {
            setOpen(false);
            make.reset();
          }}
          onSave={(words) =>
            make.mutate(
              { ...source, ...words },
              {
                onSuccess: () => {
                  setOpen(false);
                  notifications.show({ message: t("make.made") });
                },
              },
            )
          }
        />
      )}
    </>
  );
}
