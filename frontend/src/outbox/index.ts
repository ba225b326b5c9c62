import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { sessionKey, useSession } from "../api/session";
import { noteLock, webLock } from "./lock";
import { Outbox, type OutboxView, type Saved } from "./outbox";
import { openStore } from "./store";
import { serverTransport } from "./transport";
import { uuid4 } from "./uuid";

const NAME = "plaudit-outbox";

/** One outbox per tab, opened when the application starts. */
async function openOutbox(): Promise<Outbox> {
  const channel = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
  const transport = serverTransport();
  const outbox = new Outbox(
    await openStore(NAME),
    transport,
    "locks" in navigator ? webLock(NAME) : noteLock(NAME, localStorage, uuid4()),
    (saved) => channel?.postMessage(saved),
  );
  channel?.addEventListener("message", (event: MessageEvent<Saved | null>) => {
    void outbox.hear(event.data);
  });

  // The browser's word on the network is only a hint to try earlier; the sending itself decides.
  window.addEventListener("online", () => outbox.kick());
  window.addEventListener("focus", () => {
    transport.forget();
    outbox.kick();
  });
  document.addEventListener("visibilitychange", () => {
    outbox.kick(document.visibilityState === "hidden");
  });
  window.addEventListener("beforeunload", (event) => {
    const { durable, unsent } = outbox.snapshot();
    if (!durable && unsent.length > 0) event.preventDefault();
  });
  return outbox;
}

export const outbox = await openOutbox();

export function useOutbox(): OutboxView {
  return useSyncExternalStore(outbox.subscribe, outbox.snapshot);
}

/** Tells the outbox who is signed in. Used once, by the root layout. */
export function useOutboxAccount(): void {
  const client = useQueryClient();
  const account = useSession().data?.user?.id ?? null;
  const signedOut = useOutbox().status === "signed_out";
  useEffect(() => {
    void outbox.signInAs(account);
  }, [account]);
  // The outbox may be the first to learn that the session has ended.
  useEffect(() => {
    if (signedOut) void client.invalidateQueries({ queryKey: sessionKey });
  }, [signedOut, client]);
}
