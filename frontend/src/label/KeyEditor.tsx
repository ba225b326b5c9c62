import { Button, Group, Kbd, Stack, Table, Text, VisuallyHidden } from "@mantine/core";
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { actionOf, type Binding, type KeyGroup, keyName, keySymbol } from "./keymap";
import {
  keysOf,
  type OwnKeys,
  type Refusal,
  refusalOf,
  withKey,
  withOwnKeys,
  withoutKey,
} from "./own-keys";
import { isPageAction } from "./page-keys";

const GROUPS: readonly KeyGroup[] = ["answer", "task", "view"];

function useRefusalText() {
  const { t } = useTranslation("label");
  return (refusal: Refusal) =>
    refusal.why === "taken"
      ? t("keys.refused.taken", {
          key: keySymbol(refusal.key),
          other: t(refusal.label, refusal.values),
        })
      : t(`keys.refused.${refusal.why}`, { key: keySymbol(refusal.key) });
}

function KeyRow({
  binding,
  keys,
  chosen,
  waiting,
  refused,
  onWait,
  onKey,
  onReset,
}: {
  binding: Binding;
  keys: readonly string[];
  chosen: boolean;
  waiting: boolean;
  refused: string;
  onWait: (waiting: boolean) => void;
  onKey: (key: string) => void;
  onReset: () => void;
}) {
  const { t } = useTranslation("label");
  const name = t(binding.label, binding.values);
  const press = (event: KeyboardEvent) => {
    if (!waiting || event.key === "Tab") return;
    event.stopPropagation();
    event.preventDefault();
    if (event.key === "Escape") {
      onWait(false);
      return;
    }
    const key = keyName(event.nativeEvent);
    if (key !== null) onKey(key);
  };
  return (
    <Table.Tr>
      <Table.Td w={190}>
        <Group gap={4} wrap="nowrap">
          <Button
            size="compact-sm"
            variant={waiting ? "light" : "subtle"}
            color={waiting ? undefined : "gray"}
            px={4}
            onClick={() => onWait(true)}
            onBlur={() => onWait(false)}
            onKeyDown={press}
          >
            {waiting ? (
              t("keys.press")
            ) : (
              <>
                <VisuallyHidden>{t("keys.change", { name })}</VisuallyHidden>
                <Group gap={4} wrap="nowrap" component="span">
                  {keys.length > 0
                    ? keys.map((key) => <Kbd key={key}>{keySymbol(key)}</Kbd>)
                    : t("keys.none")}
                </Group>
              </>
            )}
          </Button>
          {chosen && !waiting && (
            <Button
              size="compact-xs"
              variant="subtle"
              aria-label={t("keys.resetOne", { name })}
              onClick={onReset}
            >
              {t("keys.reset")}
            </Button>
          )}
        </Group>
      </Table.Td>
      <Table.Td>
        {name}
        {refused !== "" && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {refused}
          </Text>
        )}
      </Table.Td>
    </Table.Tr>
  );
}

/** Lists what every key does and lets a person give each action another one. */
export function KeyEditor({
  table,
  own,
  onChange,
}: {
  /** Under the default keys; what stands earlier wins. */
  table: readonly Binding[];
  own: OwnKeys;
  onChange: (own: OwnKeys) => void;
}) {
  const { t } = useTranslation("label");
  const [waiting, setWaiting] = useState<string | null>(null);
  const [refused, setRefused] = useState<{ action: string; text: string } | null>(null);
  const [changed, setChanged] = useState("");
  const textOf = useRefusalText();
  // Each key stands once: at what it does now.
  const taken = new Set<string>();
  const rows = withOwnKeys(table, own).map((binding, place) => {
    const keys = binding.keys.filter((key) => !taken.has(key));
    for (const key of keys) taken.add(key);
    return { binding: table[place] ?? binding, keys };
  });

  const assign = (binding: Binding, key: string) => {
    const action = actionOf(binding);
    if (key === keysOf(binding, own)[0]) {
      setWaiting(null);
      return;
    }
    const refusal = refusalOf(binding, key, table, own, isPageAction(action));
    if (refusal) {
      setRefused({ action, text: textOf(refusal) });
      return;
    }
    setRefused(null);
    setWaiting(null);
    const next = withKey(own, binding, key);
    onChange(next);
    const name = t(binding.label, binding.values);
    setChanged(t("keys.changed", { name, key: keySymbol(keysOf(binding, next)[0] ?? "") }));
  };

  return (
    <Stack gap="md">
      <VisuallyHidden role="status">{changed}</VisuallyHidden>
      {GROUPS.map((group) => {
        const listed = rows.filter(({ binding }) => binding.group === group);
        if (listed.length === 0) return null;
        return (
          <div key={group}>
            <Text fw={600} size="sm">
              {t(`keys.group.${group}`)}
            </Text>
            <Table verticalSpacing={2}>
              <Table.Tbody>
                {listed.map(({ binding, keys }) => {
                  const action = actionOf(binding);
                  return (
                    <KeyRow
                      key={action}
                      binding={binding}
                      keys={keys}
                      chosen={action in own}
                      waiting={waiting === action}
                      refused={refused?.action === action ? refused.text : ""}
                      onWait={(on) => {
                        setWaiting(on ? action : null);
                        if (on) setRefused(null);
                      }}
                      onKey={(key) => assign(binding, key)}
                      onReset={() => onChange(withoutKey(own, action))}
                    />
                  );
                })}
              </Table.Tbody>
            </Table>
          </div>
        );
      })}
      <Group justify="space-between">
        <Text size="sm" c="var(--quiet)">
          {t("keys.hint")}
        </Text>
        <Button
          size="compact-sm"
          variant="default"
          disabled={Object.keys(own).length === 0}
          onClick={() => onChange({})}
        >
          {t("keys.resetAll")}
        </Button>
      </Group>
    </Stack>
  );
}
