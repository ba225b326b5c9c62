import { Button, Menu, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { MOST_PARTS, newPart, PART_KINDS, type PartDraft, type RecipeDraft } from "../recipe-draft";
import type { RunRequest } from "../types";
import { WeightsField } from "../WeightsField";
import { PartCard } from "./PartCard";

interface Props {
  project: string;
  value: Pick<RecipeDraft, "parts" | "weights">;
  onChange: (part: Partial<RecipeDraft>) => void;
  data: RunRequest["data"];
  /** What is wrong at a path of the API such as `model.parts.0.weight`, or anywhere below it. */
  at: (path: string) => string | undefined;
}

/** A weighted sum: which models are in it, and what each counts. */
export function CompositeEditor({ project, value, onChange, data, at }: Props) {
  const { t } = useTranslation(["rules", "training"]);
  const adder = useRef<HTMLButtonElement>(null);
  const { parts, weights } = value;
  const set = (changed: PartDraft[]) => onChange({ parts: changed });
  const whole = parts.length === 0 ? at("model.parts") : undefined;
  return (
    <Stack gap="sm" role="group" aria-label={t("sum.title")}>
      <Text size="sm" c="var(--quiet)">
        {t("sum.hint")}
      </Text>
      <WeightsField
        label={t("sum.weights")}
        hint={t(`sum.${weights}Hint`)}
        value={weights}
        onChange={(chosen) => onChange({ weights: chosen })}
      />
      <Stack component="ol" gap="sm" m={0} p={0}>
        {parts.map((part, index) => (
          <PartCard
            key={part.key}
            project={project}
            part={part}
            number={index + 1}
            fitted={weights === "fitted"}
            data={data}
            onChange={(changed) => set(parts.with(index, changed))}
            onRemove={() => {
              adder.current?.focus();
              set(parts.filter((_, place) => place !== index));
            }}
            at={(field) => at(`model.parts.${index}.${field}`)}
          />
        ))}
      </Stack>
      {whole && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {whole}
        </Text>
      )}
      <Menu position="bottom-start" width={300}>
        <Menu.Target>
          <Button
            ref={adder}
            variant="default"
            leftSection={<IconPlus size={16} />}
            style={{ alignSelf: "start" }}
            disabled={parts.length >= MOST_PARTS}
          >
            {t("sum.add")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {PART_KINDS.map((kind) => (
            <Menu.Item key={kind} onClick={() => set([...parts, newPart(kind)])}>
              {t(`training:kindLong.${kind}`)}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </Stack>
  );
}
