import { Group, Kbd, Modal, Stack, Table, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { type Binding, type KeyGroup, keySymbol } from "./keymap";
import { useKeyTable } from "./keys";

const GROUPS: readonly KeyGroup[] = ["answer", "task", "view"];

function KeyRow({ binding }: { binding: Binding }) {
  const { t } = useTranslation("label");
  return (
    <Table.Tr>
      <Table.Td w={140}>
        <Group gap={4}>
          {binding.keys.map((key) => (
            <Kbd key={key}>{keySymbol(key)}</Kbd>
          ))}
        </Group>
      </Table.Td>
      <Table.Td>{t(binding.label, binding.values)}</Table.Td>
    </Table.Tr>
  );
}

/** Lists what every key does now, from the table that the handler reads. */
export function KeyOverlay({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useTranslation("label");
  const keys = useKeyTable();
  const table = opened ? keys.table() : [];
  return (
    <Modal opened={opened} onClose={onClose} title={t("keys.title")} size="lg">
      <Stack gap="md">
        {GROUPS.map((group) => {
          const bindings = table.filter((binding) => binding.group === group);
          if (bindings.length === 0) return null;
          return (
            <div key={group}>
              <Text fw={600} size="sm">
                {t(`keys.group.${group}`)}
              </Text>
              <Table verticalSpacing={4}>
                <Table.Tbody>
                  {bindings.map((binding) => (
                    <KeyRow key={binding.keys.join()} binding={binding} />
                  ))}
                </Table.Tbody>
              </Table>
            </div>
          );
        })}
      </Stack>
    </Modal>
  );
}
