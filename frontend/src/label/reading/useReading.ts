import { useCallback, useState } from "react";
import { loadReading, type Reading, storeReading } from "./settings";

/** How this person reads this project, and a way to change it; it is there again after a reload. */
export function useReading(account: string, project: string) {
  const [reading, setReading] = useState(() => loadReading(localStorage, account, project));
  const change = useCallback(
    (changed: Partial<Reading> | ((now: Reading) => Partial<Reading>)) =>
      setReading((now) => {
        const next = { ...now, ...(typeof changed === "function" ? changed(now) : changed) };
        storeReading(localStorage, account, project, next);
        return next;
      }),
    [account, project],
  );
  return [reading, change] as const;
}

export type ChangeReading = ReturnType<typeof useReading>[1];
