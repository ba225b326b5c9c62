import { Button, Menu, Stack, Text } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Settings } from "../recipe-draft";
import type { RunRequest } from "../types";
import { WeightsField } from "../WeightsField";
import {
  CHECKS,
  MOST_RULES,
  moved,
  newRule,
  problemsOf,
  type RuleDraft,
  ruleRequest,
} from "./draft";
import { serverProblems, useProblemText } from "./problems";
import { RuleCard } from "./RuleCard";
import { TriedRule } from "./TriedRule";
import { TrySection } from "./TrySection";
import type { RuleTried } from "./types";
import { useTryRules } from "./use-try";
import { useRuleWords } from "./words";

interface Props {
  project: string;
  value: Pick<Settings, "rules" | "weights">;
  onChange: (part: Partial<Settings>) => void;
  /** Whose labels the sum is compared with. */
  data: RunRequest["data"];
  /** The text of what is wrong at `rules.0.pattern`, as the form around it knows. */
  at: (field: string) => string | undefined;
}

/** Rules as a list of cards, and what they do on a sample of the project's outputs. */
export function RulesEditor({ project, value, onChange, data, at }: Props) {
  const { t } = useTranslation("rules");
  const words = useRuleWords();
  const problemText = useProblemText();
  const attempt = useTryRules(project);
  const [checked, setChecked] = useState(false);
  const list = useRef<HTMLDivElement>(null);
  const adder = useRef<HTMLButtonElement>(null);
  const focus = useRef<{ key: string; selector: string } | null>(null);
  const { rules, weights } = value;
  const fitted = weights === "fitted";

  // A card that was added or moved keeps the keyboard; a button that is off now passes it to its sibling.
  useLayoutEffect(() => {
    if (!focus.current) return;
    const { key, selector } = focus.current;
    focus.current = null;
    const card = list.current?.querySelector(`[data-rule="${key}"]`);
    const wanted = card?.querySelector<HTMLElement>(`${selector}:not(:disabled)`);
    (wanted ?? card?.querySelector<HTMLElement>("[data-move]:not(:disabled)"))?.focus();
  });

  const set = (changed: RuleDraft[]) => onChange({ rules: changed });
  const requests = rules.map((rule) => ruleRequest(rule, words(rule)));
  const known = problemsOf(rules);
  const isSame = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other);
  const sameLabels = isSame(attempt.variables?.data, data);
  const fresh = sameLabels && isSame(attempt.variables?.rules, requests);
  const refused = fresh ? serverProblems(attempt.error) : {};
  const textAt = (field: string) =>
    (checked && known[field] ? problemText(known[field]) : undefined) ??
    problemText(refused[field]) ??
    at(field);
  const tried = new Map<string, RuleTried>();
  attempt.data?.rules.forEach((one, place) => {
    if (sameLabels) tried.set(JSON.stringify(attempt.variables?.rules[place]), one);
  });

  const run = () => {
    setChecked(true);
    if (Object.keys(known).length === 0) attempt.mutate({ rules: requests, data });
  };
  const remove = (index: number) => {
    const next = rules[index + 1] ?? rules[index - 1];
    if (next) focus.current = { key: next.key, selector: "[data-move]" };
    else adder.current?.focus();
    set(rules.filter((_, place) => place !== index));
  };
  const whole = known.rules && textAt("rules");
  const hasPlace = Object.keys(refused).some((path) => path.startsWith("rules"));
  return (
    <Stack gap="sm" role="group" aria-label={t("title")}>
      <Text size="sm" c="var(--quiet)">
        {t("hint")}
      </Text>
      <WeightsField
        label={t("weights.title")}
        hint={t(`weights.${weights}Hint`)}
        value={weights}
        onChange={(chosen) => onChange({ weights: chosen })}
      />
      <Stack component="ol" gap="sm" m={0} p={0} ref={list}>
        {rules.map((rule, index) => {
          const found = tried.get(JSON.stringify(requests[index]));
          return (
            <RuleCard
              key={rule.key}
              rule={rule}
              number={index + 1}
              count={rules.length}
              fitted={fitted}
              onChange={(changed) => set(rules.with(index, changed))}
              onMove={(by) => {
                focus.current = { key: rule.key, selector: `[data-move="${by}"]` };
                set(moved(rules, index, by));
              }}
              onRemove={() => remove(index)}
              at={(field) => textAt(`rules.${index}.${field}`)}
            >
              {found && <TriedRule tried={found} number={index + 1} fitted={fitted} />}
            </RuleCard>
          );
        })}
      </Stack>
      {whole && (
        <Text size="sm" c="var(--mantine-color-error)" role="alert">
          {whole}
        </Text>
      )}
      <Menu position="bottom-start" width={300} returnFocus={false}>
        <Menu.Target>
          <Button
            ref={adder}
            variant="default"
            leftSection={<IconPlus size={16} />}
            style={{ alignSelf: "start" }}
            disabled={rules.length >= MOST_RULES}
          >
            {t("add")}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {CHECKS.map((check) => (
            <Menu.Item
              key={check}
              onClick={() => {
                const rule = newRule(check);
                focus.current = { key: rule.key, selector: "input, textarea" };
                set([...rules, rule]);
              }}
            >
              <Text size="sm" fw={500}>
                {t(`check.${check}.title`)}
              </Text>
              <Text size="xs" c="var(--quiet)">
                {t(`check.${check}.hint`)}
              </Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      <TrySection
        onTry={run}
        pending={attempt.isPending}
        error={fresh && !hasPlace ? attempt.error : null}
        tried={attempt.data}
        stale={!fresh}
        fitted={fitted}
      />
    </Stack>
  );
}
