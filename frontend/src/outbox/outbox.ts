import { ApiError } from "../api/http";
import type { JudgmentBody, QueueItem } from "../api/types";
import type { Lock } from "./lock";
import type { Entry, Failure, FailureReason, OutboxStore, StoredEntry } from "./store";

/** How long a fresh judgment stays here, so that an undo at once removes it. */
export const GRACE_MS = 1000;
const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 30_000;
const OTHER_TAB_MS = 1500;

export type OutboxStatus = "idle" | "sending" | "offline" | "signed_out";

export interface SendResult {
  surplus: boolean;
}

/** What the outbox needs from the world; the tests give it another one. */
export interface Transport {
  put(uuid: string, body: JudgmentBody): Promise<SendResult>;
  /** The account that the browser is signed in as now, or null. */
  account(): Promise<string | null>;
}

export interface OutboxView {
  status: OutboxStatus;
  /** Entries of this account that the server does not have yet. */
  unsent: StoredEntry[];
  failed: StoredEntry[];
  signedIn: boolean;
  /** How many entries of other accounts wait in this browser; of anybody, while nobody is signed in. */
  others: number;
  /** How many of this account's the server has stored since the page opened. */
  saved: number;
  durable: boolean;
}

export interface NewEntry {
  uuid: string;
  project: string;
  body: JudgmentBody;
  item: QueueItem;
}

/** A judgment that the server has stored. */
export interface Saved {
  uuid: string;
  account: string;
  project: string;
  surplus: boolean;
  /** Whether it changed an earlier one. */
  edit: boolean;
}

const REASONS: Partial<Record<number, FailureReason>> = {
  400: "invalid",
  403: "forbidden",
  404: "not_found",
  422: "invalid",
};

/** A conflict has several causes; the code tells which. */
const REASONS_BY_CODE: Record<string, FailureReason> = {
  judgment_conflict: "conflict",
  already_judged: "already_judged",
};

function failureFrom(error: ApiError): Failure {
  const fields = Object.entries(error.fields).map(([name, texts]) => `${name}: ${texts.join(" ")}`);
  return {
    reason: REASONS_BY_CODE[error.code] ?? REASONS[error.status] ?? "other",
    status: error.status,
    code: error.code,
    message: [error.message, ...fields].filter(Boolean).join(" "),
  };
}

/**
 * Keeps judgments until the server has said that it has them, and sends them in order, as the
 * account that made them and as nobody else.
 */
export class Outbox {
  private account: string | null = null;
  private entries: StoredEntry[] = [];
  private status: OutboxStatus = "idle";
  private saved = 0;
  private retries = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private running: Promise<void> | null = null;
  private again = false;
  private hurry = false;
  private view: OutboxView;
  private readonly listeners = new Set<() => void>();
  private readonly savedListeners = new Set<(saved: Saved) => void>();

  constructor(
    private readonly store: OutboxStore,
    private readonly transport: Transport,
    private readonly lock: Lock,
    /** Says that the store has changed, and by which stored judgment, if by one. */
    private readonly tellOtherTabs: (saved: Saved | null) => void = () => undefined,
    private readonly now: () => number = Date.now,
  ) {
    this.view = this.buildView();
  }

  // --- For the interface ----------------------------------------------------------------------

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  snapshot = (): OutboxView => this.view;

  /** Calls `listener` after each judgment that the server has stored. */
  onSaved(listener: (saved: Saved) => void): () => void {
    this.savedListeners.add(listener);
    return () => this.savedListeners.delete(listener);
  }

  /** Says who is signed in; only this account's entries are sent. */
  async signInAs(account: string | null): Promise<void> {
    if (account !== this.account) this.saved = 0;
    this.account = account;
    this.retries = 0;
    this.status = "idle";
    await this.refresh();
    this.kick();
  }

  /** Stores a judgment; it is safe once this resolves. */
  async add(entry: NewEntry): Promise<void> {
    if (this.account === null) throw new Error("nobody is signed in");
    const now = this.now();
    await this.store.add({
      ...entry,
      account: this.account,
      state: "waiting",
      failure: null,
      notBefore: now + GRACE_MS,
      createdAt: now,
    } satisfies Entry);
    await this.changed();
    this.schedule(GRACE_MS);
  }

  /** Removes a judgment that the server has not seen; false when it is too late for that. */
  async takeBack(uuid: string): Promise<boolean> {
    const removed = await this.store.remove(uuid, ["waiting", "failed"]);
    await this.changed();
    return removed;
  }

  /** Changes a judgment that the server has not seen; false when it is too late for that. */
  async amend(uuid: string, change: Partial<JudgmentBody>): Promise<boolean> {
    const amended = await this.store.amend(uuid, change);
    await this.changed();
    return amended;
  }

  /** Sends a failed entry again. */
  async retry(uuid: string): Promise<void> {
    await this.store.move(uuid, "failed", "waiting");
    await this.changed();
    this.kick();
  }

  async discard(uuid: string): Promise<void> {
    await this.store.remove(uuid, ["failed"]);
    await this.changed();
  }

  find(uuid: string): StoredEntry | undefined {
    return this.entries.find((entry) => entry.uuid === uuid);
  }

  /** Takes in what another tab has said: any tab sends what all tabs have made. */
  async hear(saved: Saved | null): Promise<void> {
    if (saved && saved.account === this.account) this.note(saved);
    await this.refresh();
  }

  private note(saved: Saved): void {
    // A change of an earlier label is no further label.
    if (!saved.edit) this.saved += 1;
    for (const listener of this.savedListeners) listener(saved);
  }

  /** Reads the store again. */
  async refresh(): Promise<void> {
    this.entries = await this.store.all();
    this.publish();
  }

  /** Tries to send now, whatever the waiting time; `hurry` ignores the grace of fresh entries. */
  kick(hurry = false): void {
    clearTimeout(this.timer);
    void this.flush(hurry);
  }

  /** Sends what can be sent; resolves when nothing more can be done for now. */
  flush(hurry = false): Promise<void> {
    this.again = true;
    this.hurry ||= hurry;
    this.running ??= this.runAll().finally(() => {
      this.running = null;
    });
    return this.running;
  }

  // --- Sending --------------------------------------------------------------------------------

  /** Whoever asks while a round is under way gets another round, never a second one beside it. */
  private async runAll(): Promise<void> {
    while (this.again) {
      const hurry = this.hurry;
      this.again = false;
      this.hurry = false;
      await this.run(hurry);
    }
  }

  private async run(hurry: boolean): Promise<void> {
    if (this.account === null || this.view.unsent.length === 0) return;
    const held = await this.lock(() => this.drain(hurry));
    if (!held) this.schedule(OTHER_TAB_MS);
  }

  private async drain(hurry: boolean): Promise<void> {
    await this.releaseStale();
    for (;;) {
      const entry = this.view.unsent[0];
      if (!entry) {
        this.setStatus("idle");
        return;
      }
      const wait = entry.notBefore - this.now();
      if (wait > 0 && wait <= GRACE_MS && !hurry) {
        this.schedule(wait);
        return;
      }
      if (!(await this.sendOne(entry))) return;
    }
  }

  /** Under the lock nobody else sends: an entry still marked so was left by a closed tab. */
  private async releaseStale(): Promise<void> {
    await this.refresh();
    for (const entry of this.view.unsent) {
      if (entry.state === "sending") await this.store.move(entry.uuid, "sending", "waiting");
    }
    await this.refresh();
  }

  /** True when the next entry may be tried. */
  private async sendOne(entry: StoredEntry): Promise<boolean> {
    const { uuid } = entry;
    try {
      if ((await this.transport.account()) !== entry.account) {
        this.setStatus("signed_out");
        return false;
      }
      if (!(await this.store.move(uuid, "waiting", "sending"))) {
        await this.refresh();
        return true;
      }
      if (this.status !== "offline") this.setStatus("sending");
      // It may have been amended until the move; from there on it stays as it is.
      await this.refresh();
      const { surplus } = await this.transport.put(uuid, this.find(uuid)?.body ?? entry.body);
      await this.store.remove(uuid, ["sending"]);
      this.retries = 0;
      this.status = "sending";
      const { account, project } = entry;
      const edit = entry.body.supersedes !== undefined;
      const saved = { uuid, account, project, surplus, edit };
      this.note(saved);
      await this.refresh();
      this.tellOtherTabs(saved);
      return true;
    } catch (error) {
      if (!(error instanceof ApiError)) {
        await this.store.move(uuid, "sending", "waiting");
        throw error;
      }
      return this.handle(entry, error);
    }
  }

  private async handle(entry: StoredEntry, error: ApiError): Promise<boolean> {
    if (error.status === 401) {
      await this.store.move(entry.uuid, "sending", "waiting");
      this.status = "signed_out";
      await this.changed();
      return false;
    }
    if (error.isTemporary) {
      await this.store.move(entry.uuid, "sending", "waiting");
      this.status = "offline";
      await this.changed();
      this.schedule(Math.min(FIRST_RETRY_MS * 2 ** this.retries, LAST_RETRY_MS));
      this.retries += 1;
      return false;
    }
    await this.store.move(entry.uuid, "sending", "failed", failureFrom(error));
    await this.changed();
    return true;
  }

  private schedule(delay: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.flush(), delay);
  }

  // --- The view -------------------------------------------------------------------------------

  private async changed(): Promise<void> {
    await this.refresh();
    this.tellOtherTabs(null);
  }

  private setStatus(status: OutboxStatus): void {
    if (this.status === status) return;
    this.status = status;
    this.publish();
  }

  private publish(): void {
    this.view = this.buildView();
    for (const listener of this.listeners) listener();
  }

  private buildView(): OutboxView {
    const mine = this.entries.filter((entry) => entry.account === this.account);
    return {
      status: this.status,
      unsent: mine.filter((entry) => entry.state !== "failed"),
      failed: mine.filter((entry) => entry.state === "failed"),
      signedIn: this.account !== null,
      others: this.entries.length - mine.length,
      saved: this.saved,
      durable: this.store.durable,
    };
  }
}
