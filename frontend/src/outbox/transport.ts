import { api, send } from "../api/http";
import type { Session } from "../api/types";
import type { SendResult, Transport } from "./outbox";

/** The server changes this cookie at every log-in, so it tells when to ask who is signed in. */
function loginMark(): string {
  return document.cookie.split("; ").find((part) => part.startsWith("csrftoken=")) ?? "";
}

/** Talks to the real server. */
export function serverTransport(): Transport & { forget(): void } {
  let known: { mark: string; account: string | null } | null = null;

  async function account(): Promise<string | null> {
    if (known === null || known.account === null || known.mark !== loginMark()) {
      const session = await api.get<Session>("/session/");
      known = { mark: loginMark(), account: session.user?.id ?? null };
    }
    return known.account;
  }

  return {
    account,
    forget() {
      known = null;
    },
    async put(uuid, body) {
      try {
        const answer = await send<SendResult>("PUT", `/judgments/${uuid}/`, {
          body,
          keepalive: true,
        });
        return { surplus: Boolean(answer.data?.surplus) };
      } catch (error) {
        // A refusal may only mean that somebody else has signed in meanwhile: ask again next time.
        known = null;
        throw error;
      }
    },
  };
}
