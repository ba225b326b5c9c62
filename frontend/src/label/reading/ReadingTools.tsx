import {
  ActionIcon,
  Button,
  Checkbox,
  Group,
  Popover,
  SegmentedControl,
  Select,
  Stack,
  Text,
  Tooltip,
} from "@mantine/core";
import { IconAdjustmentsHorizontal, IconFileDiff, IconSearch } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { letterOf } from "../answers";
import { keySymbol } from "../keymap";
import { useKeyOf } from "../keys";
import { PAGE_KEYS, type PageAction } from "../page-keys";
import { LAYOUTS, nextPair, pairsOf, SCROLLINGS, SIZES } from "./settings";
import type { ReadingDesk } from "./useReadingDesk";

/** A tool's name with its key, for tooltips and screen readers. */
export function useNamed() {
  const { t } = useTranslation("label");
  const keyOf = useKeyOf();
  return (action: PageAction) => {
    const name = t(PAGE_KEYS[action].label);
    const key = keyOf(PAGE_KEYS[action]);
    return key === "" ? name : t("tool.named", { name, key: keySymbol(key) });
  };
}

function Setting({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text size="xs" c="var(--quiet)" mb={2}>
        {label}
      </Text>
      {children}
    </div>
  );
}

function ViewSettings({ desk }: { desk: ReadingDesk }) {
  const { t } = useTranslation("label");
  const named = useNamed();
  const { reading, set, count } = desk;
  const pairs = pairsOf(count);
  return (
    <Stack gap="xs" w={296}>
      {count > 1 && (
        <Setting label={named("layout")}>
          <SegmentedControl
            fullWidth
            size="xs"
            aria-label={t("view.layout")}
            data={LAYOUTS.map((value) => ({ value, label: t(`view.layouts.${value}`) }))}
            value={reading.layout}
            onChange={(value) => set({ layout: value as typeof reading.layout })}
          />
        </Setting>
      )}
      <Setting label={named("scrolling")}>
        <SegmentedControl
          fullWidth
          size="xs"
          aria-label={t("view.scrolling")}
          data={SCROLLINGS.map((value) => ({ value, label: t(`view.scrollings.${value}`) }))}
          value={reading.scrolling}
          onChange={(value) => set({ scrolling: value as typeof reading.scrolling })}
        />
      </Setting>
      <Setting label={t("view.size")}>
        <Group gap="xs">
          <Button
            size="compact-xs"
            variant="default"
            aria-label={named("smaller")}
            disabled={reading.size === 0}
            onClick={() => set({ size: reading.size - 1 })}
          >
            A−
          </Button>
          <Text size="sm" w={48} ta="center">
            {Math.round(100 * (SIZES[reading.size] ?? 1))}&nbsp;%
          </Text>
          <Button
            size="compact-xs"
            variant="default"
            aria-label={named("larger")}
            disabled={reading.size === SIZES.length - 1}
            onClick={() => set({ size: reading.size + 1 })}
          >
            A+
          </Button>
        </Group>
      </Setting>
      {count > 1 && (
        <>
          <Select
            size="xs"
            label={named("diff")}
            data={[
              { value: "", label: t("view.noDiff") },
              ...pairs.map(([first, second], place) => ({
                value: String(place),
                label: t("view.pair", { first: letterOf(first), second: letterOf(second) }),
              })),
            ]}
            value={desk.pair === null ? "" : String(Math.min(reading.pair ?? 0, pairs.length - 1))}
            onChange={(value) => set({ pair: value ? Number(value) : null })}
            allowDeselect={false}
            comboboxProps={{ withinPortal: false }}
          />
          <Checkbox
            size="xs"
            label={named("dim")}
            checked={reading.dim}
            onChange={(event) => set({ dim: event.currentTarget.checked })}
          />
        </>
      )}
    </Stack>
  );
}

/** Search, comparison and the way of reading: three small buttons. */
export function ReadingTools({ desk }: { desk: ReadingDesk }) {
  const { t } = useTranslation("label");
  const named = useNamed();
  const { reading, set, count, pair } = desk;
  return (
    <>
      <Tooltip label={named("search")}>
        <ActionIcon
          variant={desk.finding ? "light" : "subtle"}
          color={desk.finding ? undefined : "gray"}
          aria-label={named("search")}
          aria-pressed={desk.finding}
          onClick={() => desk.setFinding(!desk.finding)}
        >
          <IconSearch size={18} />
        </ActionIcon>
      </Tooltip>
      {count > 1 && (
        <Tooltip label={named("diff")}>
          <ActionIcon
            variant={pair ? "light" : "subtle"}
            color={pair ? undefined : "gray"}
            aria-label={named("diff")}
            aria-pressed={pair !== null}
            onClick={() => set({ pair: nextPair(reading.pair, count) })}
          >
            <IconFileDiff size={18} />
          </ActionIcon>
        </Tooltip>
      )}
      <Popover position="bottom-end" withArrow withRoles trapFocus returnFocus>
        <Popover.Target>
          <Tooltip label={t("view.title")}>
            <ActionIcon variant="subtle" color="gray" aria-label={t("view.title")}>
              <IconAdjustmentsHorizontal size={18} />
            </ActionIcon>
          </Tooltip>
        </Popover.Target>
        <Popover.Dropdown>
          <ViewSettings desk={desk} />
        </Popover.Dropdown>
      </Popover>
    </>
  );
}
