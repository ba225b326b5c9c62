import { useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { letterOf } from "../answers";
import type { Binding } from "../keymap";
import { bind } from "../page-keys";
import { scrollByKey } from "./scrolling";
import { LAYOUTS, nextOf, nextPair, pairIn, type Reading, SCROLLINGS, SIZES } from "./settings";
import { useReading } from "./useReading";

/** How the task on the screen is read: the settings, which output is in front, the search, and the keys for it. */
export function useReadingDesk(
  account: string,
  project: string,
  task: { key: string; count: number } | null,
) {
  const { t } = useTranslation("label");
  const [reading, change] = useReading(account, project);
  const root = useRef<HTMLDivElement>(null);
  const [front, setFront] = useState({ key: "", place: 0 });
  const [finding, setFinding] = useState(false);
  const [said, setSaid] = useState("");
  const key = task?.key ?? "";
  const count = task?.count ?? 0;
  const place = front.key === key ? Math.min(front.place, Math.max(0, count - 1)) : 0;

  const desk = useMemo(() => {
    const set = (changed: Partial<Reading>) => {
      change(changed);
      const [[name, value] = ["", ""]] = Object.entries(changed);
      if (name === "layout" || name === "scrolling") setSaid(t(`view.${name}s.${value}`));
      if (name === "size") {
        setSaid(t("view.sizeSaid", { percent: Math.round(100 * (SIZES[Number(value)] ?? 1)) }));
      }
      if (name === "dim") setSaid(t(value ? "view.dimOn" : "view.dimOff"));
      if (name === "pair" && value === null) setSaid(t("view.diffOff"));
    };
    const show = (next: number) => {
      setFront({ key, place: next });
      setSaid(t("output", { letter: letterOf(next) }));
    };
    return { set, show };
  }, [change, key, t]);

  const bindings = useMemo<Binding[]>(() => {
    const { set, show } = desk;
    const resize = (by: number) =>
      set({ size: Math.min(Math.max(reading.size + by, 0), SIZES.length - 1) });
    const flip = (by: number) => {
      if (reading.layout !== "single") set({ layout: "single" });
      if (count > 0) show((place + by + count) % count);
    };
    const several: Binding[] = [
      bind("diff", () => set({ pair: nextPair(reading.pair, count) })),
      bind("dim", () =>
        set(reading.pair === null ? { dim: true, pair: 0 } : { dim: !reading.dim }),
      ),
      bind("layout", () => set({ layout: nextOf(LAYOUTS, reading.layout) })),
      bind("nextOutput", () => flip(1)),
      bind("previousOutput", () => flip(-1)),
    ];
    return [
      ...(count > 1 ? several : []),
      bind("search", () => setFinding(true)),
      bind("scrolling", () => set({ scrolling: nextOf(SCROLLINGS, reading.scrolling) })),
      bind("down", () => scrollByKey(root.current, 1)),
      bind("up", () => scrollByKey(root.current, -1)),
      bind("larger", () => resize(1)),
      bind("smaller", () => resize(-1)),
      bind("plain", () => set({ plain: !reading.plain })),
    ];
  }, [desk, reading, count, place]);

  return {
    ...desk,
    reading,
    root,
    place,
    count,
    pair: pairIn(reading.pair, count),
    finding,
    setFinding,
    said,
    bindings,
  };
}

export type ReadingDesk = ReturnType<typeof useReadingDesk>;
