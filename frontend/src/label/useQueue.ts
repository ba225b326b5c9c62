import { type Dispatch, useCallback, useEffect, useRef, useState } from "react";
import { api } from "../api/http";
import type { Queue } from "../api/types";
import { outbox } from "../outbox";
import { type Desk, type DeskAction, RING_SIZE } from "./desk";

const REFILL_AT = 3;
const RETRY_MS = 3000;
const POLL_MS = 10_000;
const AFTER_PICTURE_MS = 60;

/** Keeps the ring filled in the background; `error` is the last failure, null once it works. */
export function useQueue(project: string, desk: Desk, dispatch: Dispatch<DeskAction>) {
  const [error, setError] = useState<unknown>(null);
  const loading = useRef(false);

  const refill = useCallback(async () => {
    if (loading.current) return;
    loading.current = true;
    const unsent = outbox
      .snapshot()
      .unsent.filter((entry) => entry.project === project && entry.body.lease)
      .map((entry) => entry.item.item);
    // Tasks whose judgments are on the way are still open for the server and come back too.
    const asked = RING_SIZE + unsent.length;
    try {
      const queue = await api.get<Queue>(`/projects/${project}/queue/`, { count: asked });
      dispatch({
        type: "loaded",
        items: queue.items,
        asked,
        remaining: queue.remaining,
        reason: queue.reason ?? null,
        unsent,
      });
      setError(null);
    } catch (failure) {
      setError(failure);
    } finally {
      loading.current = false;
    }
  }, [project, dispatch]);

  const empty = desk.ring.length === 0;
  const low = desk.ring.length <= REFILL_AT && !desk.exhausted;

  // biome-ignore lint/correctness/useExhaustiveDependencies: asks again whenever the ring shrinks
  useEffect(() => {
    if (error !== null || !(low || empty)) return;
    if (empty) {
      void refill();
      return;
    }
    // What comes after the next tasks can wait until the next one is on the screen.
    const timer = setTimeout(refill, AFTER_PICTURE_MS);
    return () => clearTimeout(timer);
  }, [low, empty, desk.ring.length, error, refill]);

  useEffect(() => {
    if (error === null && !empty) return;
    const timer = setInterval(refill, error === null ? POLL_MS : RETRY_MS);
    return () => clearInterval(timer);
  }, [error, empty, refill]);

  // A label that came through proves that the server is back.
  useEffect(
    () =>
      outbox.onSaved(() => {
        if (error !== null || empty) void refill();
      }),
    [error, empty, refill],
  );

  return { error, refill };
}
