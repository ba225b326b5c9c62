import { type DBSchema, type IDBPDatabase, openDB } from "idb";
import type { JudgmentBody, QueueItem } from "../api/types";

export type FailureReason =
  | "forbidden"
  | "not_found"
  | "conflict"
  | "already_judged"
  | "invalid"
  | "other";

export interface Failure {
  reason: FailureReason;
  status: number;
  code: string;
  message: string;
}

/** `waiting -> sending -> (gone)`; `sending -> waiting` on a lost network; `sending -> failed`. */
export type EntryState = "waiting" | "sending" | "failed";

/** A judgment on its way to the server. */
export interface Entry {
  uuid: string;
  /** The account that made it: it is sent as nobody else. */
  account: string;
  project: string;
  body: JudgmentBody;
  /** What was on the screen, so that the judgment can be reopened. */
  item: QueueItem;
  state: EntryState;
  failure: Failure | null;
  /** Not sent before this time (ms), so that an undo at once leaves no trace. */
  notBefore: number;
  createdAt: number;
  /** Whether it was ever on its way: the server may have it, though its answer was lost. */
  tried?: boolean;
}

export interface StoredEntry extends Entry {
  seq: number;
}

/** Where entries are kept, in the order they were made. */
export interface OutboxStore {
  readonly durable: boolean;
  add(entry: Entry): Promise<void>;
  all(): Promise<StoredEntry[]>;
  /** Compare-and-set of the state; false when the entry is gone or in another state. */
  move(uuid: string, from: EntryState, to: EntryState, failure?: Failure | null): Promise<boolean>;
  /** Changes what an entry says; false when it is gone or was ever on its way. */
  amend(uuid: string, change: Partial<JudgmentBody>): Promise<boolean>;
  /** Removes the entry if its state is one of `states`; true when it did. */
  remove(uuid: string, states: readonly EntryState[]): Promise<boolean>;
}

interface Schema extends DBSchema {
  entries: { key: number; value: StoredEntry; indexes: { uuid: string } };
}

class IndexedDbStore implements OutboxStore {
  readonly durable = true;

  constructor(private readonly db: IDBPDatabase<Schema>) {}

  async add(entry: Entry): Promise<void> {
    // The key is made by the store; a strict durability asks the browser to reach the disk.
    const tx = this.db.transaction("entries", "readwrite", { durability: "strict" });
    await Promise.all([tx.store.add(entry as StoredEntry), tx.done]);
  }

  all(): Promise<StoredEntry[]> {
    return this.db.getAll("entries");
  }

  async move(uuid: string, from: EntryState, to: EntryState, failure: Failure | null = null) {
    const tx = this.db.transaction("entries", "readwrite");
    const entry = await tx.store.index("uuid").get(uuid);
    const found = entry?.state === from;
    const tried = entry?.tried === true || to === "sending";
    if (entry && found) await tx.store.put({ ...entry, state: to, failure, tried });
    await tx.done;
    return found;
  }

  async amend(uuid: string, change: Partial<JudgmentBody>) {
    const tx = this.db.transaction("entries", "readwrite", { durability: "strict" });
    const entry = await tx.store.index("uuid").get(uuid);
    const found = entry?.state === "waiting" && !entry.tried;
    if (entry && found) await tx.store.put({ ...entry, body: { ...entry.body, ...change } });
    await tx.done;
    return found;
  }

  async remove(uuid: string, states: readonly EntryState[]) {
    const tx = this.db.transaction("entries", "readwrite");
    const entry = await tx.store.index("uuid").get(uuid);
    const found = entry !== undefined && states.includes(entry.state);
    if (found) await tx.store.delete(entry.seq);
    await tx.done;
    return found;
  }
}

/** For browsers that refuse IndexedDB (some private windows): lives as long as the tab. */
export class MemoryStore implements OutboxStore {
  readonly durable = false;
  private entries: StoredEntry[] = [];
  private next = 1;

  async add(entry: Entry) {
    this.entries.push({ ...entry, seq: this.next++ });
  }

  async all() {
    return [...this.entries];
  }

  async move(uuid: string, from: EntryState, to: EntryState, failure: Failure | null = null) {
    const entry = this.entries.find((one) => one.uuid === uuid);
    if (entry?.state !== from) return false;
    entry.state = to;
    entry.tried ||= to === "sending";
    entry.failure = failure;
    return true;
  }

  async amend(uuid: string, change: Partial<JudgmentBody>) {
    const entry = this.entries.find((one) => one.uuid === uuid);
    if (entry?.state !== "waiting" || entry.tried) return false;
    entry.body = { ...entry.body, ...change };
    return true;
  }

  async remove(uuid: string, states: readonly EntryState[]) {
    const entry = this.entries.find((one) => one.uuid === uuid);
    if (!entry || !states.includes(entry.state)) return false;
    this.entries = this.entries.filter((one) => one !== entry);
    return true;
  }
}

export async function openStore(name = "plaudit-outbox"): Promise<OutboxStore> {
  try {
    const db = await openDB<Schema>(name, 1, {
      upgrade(database) {
        const entries = database.createObjectStore("entries", {
          keyPath: "seq",
          autoIncrement: true,
        });
        entries.createIndex("uuid", "uuid", { unique: true });
      },
    });
    return new IndexedDbStore(db);
  } catch (error) {
    console.warn("IndexedDB is not available; labels are kept in memory only.", error);
    return new MemoryStore();
  }
}
