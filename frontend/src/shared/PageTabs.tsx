import { Tabs } from "@mantine/core";
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import classes from "./PageTabs.module.css";

export interface PageTab {
  value: string;
  label: string;
  content: ReactNode;
}

/**
 * Tabs of a page, with the open one in the address. One that has been opened stays, so that looking
 * at another loses nothing that was typed.
 */
export function PageTabs({
  tabs,
  label,
  initial,
}: {
  tabs: PageTab[];
  label: string;
  /** Open where the address names none; the first one unless said. */
  initial?: string;
}) {
  const [parameters, setParameters] = useSearchParams();
  const asked = parameters.get("tab") ?? initial;
  const open = tabs.find((tab) => tab.value === asked) ?? tabs[0];
  return (
    <Tabs
      value={open?.value ?? null}
      onChange={(value) => value && setParameters({ tab: value }, { replace: true })}
    >
      <div className={classes.scroll}>
        <Tabs.List className={classes.list} aria-label={label}>
          {tabs.map((tab) => (
            <Tabs.Tab key={tab.value} value={tab.value}>
              {tab.label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
      </div>
      {tabs.map((tab) => (
        <Tabs.Panel key={tab.value} value={tab.value} pt="md">
          {tab.content}
        </Tabs.Panel>
      ))}
    </Tabs>
  );
}
