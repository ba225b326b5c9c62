import {
  ActionIcon,
  Badge,
  Button,
  Collapse,
  Group,
  NumberInput,
  Paper,
  Stack,
  Text,
} from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useId, useState } from "react";
import { useTranslation } from "react-i18next";
import { FeaturesField } from "../FeaturesField";
import type { PartDraft, Settings } from "../recipe-draft";
import { RulesEditor } from "../rules/RulesEditor";
import { TransformerFields } from "../TransformerFields";
import type { RunRequest } from "../types";

interface Props {
  project: string;
  part: PartDraft;
  number: number;
  /** Whether its weight is learned, so that there is none to give. */
  fitted: boolean;
  data: RunRequest["data"];
  onChange: (part: PartDraft) => void;
  onRemove: () => void;
  /** What is wrong at a field of the part; `""` asks whether anything is. */
  at: (field: string) => string | undefined;
}

/** One model of a sum: its kind, what it counts, and its own options in a fold. */
export function PartCard(props: Props) {
  const { project, part, number, fitted, data, onChange, onRemove, at } = props;
  const { t } = useTranslation(["rules", "training"]);
  const [open, setOpen] = useState(false);
  const id = useId();
  const shown = open || at("model") !== undefined;
  const { settings } = part;
  const set = (change: Partial<Settings>) =>
    onChange({ ...part, settings: { ...settings, ...change } });
  const name = t(`training:kindLong.${part.kind}`);
  return (
    <Paper component="li" withBorder p="sm" style={{ listStyle: "none" }} data-part={part.key}>
      <Stack gap="sm">
        <Group justify="space-between" wrap="nowrap" align="start">
          <Group gap="xs" wrap="nowrap" miw={0}>
            <Badge variant="light" color="gray" style={{ flexShrink: 0 }}>
              {number}
            </Badge>
            <Text fw={500}>{name}</Text>
          </Group>
          <ActionIcon
            variant="subtle"
            color="red"
            onClick={onRemove}
            aria-label={t("sum.remove", { number, name })}
          >
            <IconTrash size={16} />
          </ActionIcon>
        </Group>
        {!fitted && (
          <NumberInput
            label={t("sum.weight")}
            value={part.weight}
            onChange={(weight) =>
              onChange({ ...part, weight: weight === "" ? "" : Number(weight) })
            }
            error={at("weight")}
            min={-1000}
            max={1000}
            step={0.5}
          />
        )}
        <Button
          size="compact-sm"
          variant="default"
          style={{ alignSelf: "start" }}
          aria-expanded={shown}
          aria-controls={id}
          onClick={() => setOpen(!shown)}
        >
          {t(shown ? "sum.hide" : "sum.show", { name })}
        </Button>
        <Collapse expanded={shown} id={id}>
          <Stack gap="md">
            {part.kind === "rules" && (
              <RulesEditor
                project={project}
                value={settings}
                onChange={set}
                data={data}
                at={(field) => at(`model.${field}`)}
              />
            )}
            {part.kind === "transformer" && (
              <TransformerFields value={settings.tuning} onChange={(tuning) => set({ tuning })} />
            )}
            {(part.kind === "linear" || part.kind === "ensemble") && (
              <FeaturesField
                value={settings.features}
                onChange={(features) => set({ features })}
                error={at("model.features")}
              />
            )}
          </Stack>
        </Collapse>
      </Stack>
    </Paper>
  );
}
