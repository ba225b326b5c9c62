import { type Dispatch, useEffect, useRef } from "react";
import { send } from "../api/http";
import type { Project } from "../api/types";
import { outbox } from "../outbox";
import type { Desk, DeskAction } from "./desk";
import {
  checkEvery,
  isDue,
  LEAVE_SECONDS,
  type Lease,
  leasesToReturn,
  RETURN_SECONDS,
} from "./lease-keeping";

const CHANNEL = "plaudit-leases";
/** After another tab of this person has let go what both of them hold. */
const HOLD_AGAIN_MS = 2000;

const unsentLeases = (project: string) =>
  outbox
    .snapshot()
    .unsent.filter((entry) => entry.project === project)
    .map((entry) => entry.item.lease)
    .filter((lease) => lease !== "");

/** Renews the leases of a page that is used, and lets them go when it is closed or left. */
export function useLeases(
  { id: project, lease_seconds: leaseSeconds }: Pick<Project, "id" | "lease_seconds">,
  ring: Desk["ring"],
  dispatch: Dispatch<DeskAction>,
  refill: () => Promise<void>,
): void {
  const held = useRef<Desk["ring"]>(ring);
  held.current = ring;

  useEffect(() => {
    let lastSign = Date.now();
    let renewing = false;
    const touch = () => {
      lastSign = Date.now();
    };
    const channel = "BroadcastChannel" in window ? new BroadcastChannel(CHANNEL) : null;

    const renew = async () => {
      const own = held.current.map(({ lease }) => lease);
      const leases = [...new Set([...own, ...unsentLeases(project)])];
      if (renewing || leases.length === 0) return;
      renewing = true;
      try {
        const { data } = await send<{ leases: Lease[] }>(
          "POST",
          `/projects/${project}/leases/renew/`,
          { body: { leases } },
        );
        dispatch({ type: "renewed", leases: data.leases });
        const running = new Set(data.leases.map(({ lease }) => lease));
        // One that has ended is asked for again: the queue may still have its task for us.
        if (own.some((lease) => !running.has(lease))) await refill();
      } catch {
        // No network, or nobody signed in: the next look tries again, and the page says when time runs out.
      } finally {
        renewing = false;
      }
    };
    const look = () => {
      if (isDue(held.current, { now: Date.now(), lastSign, leaseSeconds })) void renew();
    };

    const letGo = (seconds: number) => {
      const leases = leasesToReturn(held.current, unsentLeases(project));
      if (leases.length === 0) return;
      channel?.postMessage(project);
      const body = { leases, after_seconds: seconds };
      // Nobody is left to hear of a failure; the leases then run out at their own time.
      send("POST", `/projects/${project}/leases/return/`, { body, keepalive: true }).catch(
        () => undefined,
      );
    };
    const hide = () => letGo(RETURN_SECONDS);
    const show = (event: PageTransitionEvent) => {
      if (event.persisted) void renew().then(refill);
    };
    let again: ReturnType<typeof setTimeout> | undefined;
    const hear = ({ data }: MessageEvent) => {
      if (data !== project) return;
      clearTimeout(again);
      again = setTimeout(renew, HOLD_AGAIN_MS);
    };

    const signs = ["keydown", "pointerdown", "pointermove", "wheel", "scroll"] as const;
    for (const sign of signs)
      window.addEventListener(sign, touch, { passive: true, capture: true });
    window.addEventListener("pagehide", hide);
    window.addEventListener("pageshow", show);
    channel?.addEventListener("message", hear);
    const timer = setInterval(look, checkEvery(leaseSeconds));
    return () => {
      for (const sign of signs) window.removeEventListener(sign, touch, { capture: true });
      window.removeEventListener("pagehide", hide);
      window.removeEventListener("pageshow", show);
      clearInterval(timer);
      clearTimeout(again);
      letGo(LEAVE_SECONDS);
      channel?.close();
    };
  }, [project, leaseSeconds, dispatch, refill]);
}
