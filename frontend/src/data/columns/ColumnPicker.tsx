import { Alert, Button, Menu, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ColumnMap, Import, Question } from "../../api/types";
import { Section } from "../../shared/Section";
import {
  formsOf,
  mapOf,
  NOTHING_PICKED,
  type Picked,
  pickedFrom,
  usable,
  verdictFor,
} from "./column-map";
import { OutputColumns } from "./OutputColumns";
import { PromptColumns } from "./PromptColumns";
import { VerdictCard } from "./VerdictCard";

/** Says which column is what; every complete change is handed on as a map. */
export function ColumnPicker({
  look,
  map,
  questions,
  onMap,
}: {
  look: Import;
  map: ColumnMap | null;
  questions: readonly Question[];
  onMap: (map: ColumnMap) => void;
}) {
  const { t } = useTranslation("data");
  const [picked, setPicked] = useState<Picked>(() => (map ? pickedFrom(map) : NOTHING_PICKED));
  const columns = usable(look.columns ?? []);
  const { samples } = look;

  const change = (next: Picked) => {
    setPicked(next);
    const ready = mapOf(next, questions);
    if (ready && JSON.stringify(ready) !== JSON.stringify(mapOf(picked, questions))) onMap(ready);
  };
  const part = { picked, onChange: change, columns, samples, questions };
  const answerable = questions.filter((question) => formsOf(question).length > 0);

  return (
    <Section title={t("columns.title")} hint={t("columns.hint")}>
      {!map && <Alert color="yellow">{t("columns.notGuessed")}</Alert>}
      <PromptColumns {...part} />
      <OutputColumns {...part} />
      <Stack gap="sm">
        <Text size="sm" fw={500}>
          {t("columns.verdicts")}
        </Text>
        {picked.verdicts.length === 0 && picked.kept.judgments.length === 0 && (
          <Text size="sm" c="var(--quiet)">
            {t("columns.noVerdicts")}
          </Text>
        )}
        {picked.verdicts.map((verdict, place) => (
          <VerdictCard
            // biome-ignore lint/suspicious/noArrayIndexKey: a verdict is known by its place
            key={place}
            verdict={verdict}
            onChange={(next) => change({ ...picked, verdicts: picked.verdicts.with(place, next) })}
            onRemove={() => change({ ...picked, verdicts: picked.verdicts.toSpliced(place, 1) })}
            columns={columns}
            samples={samples}
            questions={questions}
            outputs={picked.outputs}
          />
        ))}
        {picked.kept.judgments.length > 0 && (
          <Text size="sm">{t("columns.kept", { count: picked.kept.judgments.length })}</Text>
        )}
        {answerable.length > 0 && (
          <Menu position="bottom-start">
            <Menu.Target>
              <Button
                size="xs"
                variant="default"
                leftSection={<IconPlus size={14} />}
                style={{ alignSelf: "start" }}
              >
                {t("columns.addVerdict")}
              </Button>
            </Menu.Target>
            <Menu.Dropdown>
              {answerable.map((question) => (
                <Menu.Item
                  key={question.name}
                  onClick={() => {
                    const blank = verdictFor(question, picked.outputs.length);
                    if (blank) change({ ...picked, verdicts: [...picked.verdicts, blank] });
                  }}
                >
                  {question.title || question.name}
                </Menu.Item>
              ))}
            </Menu.Dropdown>
          </Menu>
        )}
      </Stack>
    </Section>
  );
}
