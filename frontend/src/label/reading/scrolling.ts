import { type RefObject, useEffect } from "react";

const STEP = 80;

const panesOf = (root: Element) =>
  [...root.querySelectorAll<HTMLElement>("[data-pane]")].filter(
    (pane) =>
      pane.offsetParent !== null &&
      pane.closest("[data-behind]") === null &&
      pane.scrollHeight > pane.clientHeight,
  );

/** How far a pane is scrolled, 0 at its start and 1 at its end. */
const shareOf = (pane: HTMLElement) =>
  pane.scrollTop / Math.max(1, pane.scrollHeight - pane.clientHeight);

/** Keeps panes in step: each stands at the same share of its own length. */
export function useScrollTogether(root: RefObject<Element | null>, on: boolean): void {
  useEffect(() => {
    const element = root.current;
    if (!on || !element) return;
    // What was set here comes back as a scroll of its own, which must not move the others again.
    const expected = new WeakMap<HTMLElement, number>();
    const follow = ({ target }: Event) => {
      if (!(target instanceof HTMLElement) || !target.matches("[data-pane]")) return;
      const own = expected.get(target);
      expected.delete(target);
      if (own !== undefined && Math.abs(target.scrollTop - own) <= 1) return;
      const share = shareOf(target);
      for (const pane of panesOf(element)) {
        if (pane === target) continue;
        pane.scrollTop = share * (pane.scrollHeight - pane.clientHeight);
        expected.set(pane, pane.scrollTop);
      }
    };
    element.addEventListener("scroll", follow, { capture: true, passive: true });
    return () => element.removeEventListener("scroll", follow, { capture: true });
  }, [root, on]);
}

/** Scrolls by a key: the focused pane, or all of them, or the page where no pane can move. */
export function scrollByKey(root: Element | null, direction: 1 | -1): void {
  const panes = root ? panesOf(root) : [];
  const focused = panes.filter((pane) => pane.contains(document.activeElement));
  let moved = false;
  for (const pane of focused.length > 0 ? focused : panes) {
    const before = pane.scrollTop;
    pane.scrollTop += direction * STEP;
    moved ||= pane.scrollTop !== before;
  }
  if (!moved) window.scrollBy({ top: direction * STEP });
}
