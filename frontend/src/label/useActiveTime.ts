import { useEffect, useRef } from "react";
import { ActiveTime } from "./active-time";

/** Measures the active time on one task; starts anew when `key` changes. */
export function useActiveTime(key: string | undefined) {
  const current = useRef({ time: new ActiveTime(), startedAt: new Date() });

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new task starts a new measurement
  useEffect(() => {
    const visible = document.visibilityState === "visible";
    current.current = { time: new ActiveTime(undefined, visible), startedAt: new Date() };
  }, [key]);

  useEffect(() => {
    const touch = () => current.current.time.touch();
    const turn = () => {
      if (document.visibilityState === "visible") current.current.time.show();
      else current.current.time.hide();
    };
    const signs = ["keydown", "pointerdown", "pointermove", "scroll"] as const;
    const options = { passive: true, capture: true };
    for (const sign of signs) window.addEventListener(sign, touch, options);
    document.addEventListener("visibilitychange", turn);
    return () => {
      for (const sign of signs) window.removeEventListener(sign, touch, options);
      document.removeEventListener("visibilitychange", turn);
    };
  }, []);

  return current;
}
