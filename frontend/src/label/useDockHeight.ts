import { useLayoutEffect, useRef } from "react";

/** Tells the style sheet, as `--dock-height`, how high the dock with the answers is. */
export function useDockHeight() {
  const dock = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = dock.current;
    const page = element?.parentElement;
    if (!element || !page) return;
    const observer = new ResizeObserver(([entry]) => {
      const height = entry?.borderBoxSize[0]?.blockSize;
      if (height !== undefined) page.style.setProperty("--dock-height", `${Math.ceil(height)}px`);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return dock;
}
