import { beforeEach, describe, expect, it } from "vitest";
import { ApiError } from "../api/http";
import type { JudgmentBody, QueueItem } from "../api/types";
import { noteLock } from "./lock";
import { GRACE_MS, Outbox, type Transport } from "./outbox";
import { openStore } from "./store";
import { uuid4 } from "./uuid";

const item: QueueItem = {
  lease: "l1",
  item: "i1",
  expires_at: "2030-01-01T00:00:00Z",
  prompt: { id: "p1", messages: [], language: "en" },
  completions: [],
  shown: ["c1", "c2"],
  position: null,
};

const body = (lease: string): JudgmentBody => ({
  lease,
  status: "submitted",
  answers: { overall: { choice: "c1" } },
  shown: ["c1", "c2"],
  started_at: "2026-01-01T00:00:00Z",
  active_ms: 1,
  reason: "",
});

/** A server of a few lines: remembers what it stored and fails as it is told. */
class Server implements Transport {
  signedIn: string | null = "ann";
  failures: ApiError[] = [];
  stored: string[] = [];
  reasons: string[] = [];
  calls = 0;

  async account() {
    return this.signedIn;
  }

  async put(uuid: string, judgment: JudgmentBody) {
    this.calls += 1;
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.stored.push(uuid);
    this.reasons.push(judgment.reason);
    return { surplus: judgment.lease === "late" };
  }
}

let database = 0;
let clock: number;

async function open(server: Server, name = `outbox-${++database}`) {
  const store = await openStore(name);
  const lock = noteLock(name, localStorage, uuid4(), () => clock);
  return new Outbox(store, server, lock, undefined, () => clock);
}

async function addLabel(box: Outbox, lease = "l1") {
  const uuid = uuid4();
  await box.add({ uuid, project: "7", body: body(lease), item });
  return uuid;
}

const network = () => new ApiError(0, "network", "no route");

beforeEach(() => {
  clock = 1_000_000;
});

describe("outbox", () => {
  it("mints version 4 uuids", () => {
    expect(uuid4()).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });

  it("sends in the order made and counts what is saved", async () => {
    const server = new Server();
    const box = await open(server);
    await box.signInAs("ann");
    const first = await addLabel(box);
    const second = await addLabel(box);
    expect(box.snapshot().unsent).toHaveLength(2);
    clock += GRACE_MS;
    await box.flush();
    expect(server.stored).toEqual([first, second]);
    expect(box.snapshot()).toMatchObject({ unsent: [], saved: 2, status: "idle" });
  });

  it("holds a fresh judgment for the grace, and an undo within it leaves no trace", async () => {
    const server = new Server();
    const box = await open(server);
    await box.signInAs("ann");
    const uuid = await addLabel(box);
    await box.flush();
    expect(server.calls).toBe(0);
    expect(await box.takeBack(uuid)).toBe(true);
    clock += GRACE_MS;
    await box.flush();
    expect(server.calls).toBe(0);
  });

  it("cannot take back what was sent", async () => {
    const server = new Server();
    const box = await open(server);
    await box.signInAs("ann");
    const uuid = await addLabel(box);
    await box.flush(true);
    expect(await box.takeBack(uuid)).toBe(false);
  });

  it("amends what was never sent, and nothing that the server may have", async () => {
    const server = new Server();
    const box = await open(server);
    await box.signInAs("ann");
    const first = await addLabel(box);
    expect(await box.amend(first, { reason: "style" })).toBe(true);
    server.failures = [network()];
    await box.flush(true);
    expect(box.snapshot().unsent).toHaveLength(1);
    expect(await box.amend(first, { reason: "wrong" })).toBe(false);
    await box.flush(true);
    expect(await box.amend(first, { reason: "wrong" })).toBe(false);
    expect(server.reasons).toEqual(["style"]);
  });

  it("keeps everything over a lost network and a closed tab", async () => {
    const server = new Server();
    const name = `outbox-${++database}`;
    const box = await open(server, name);
    await box.signInAs("ann");
    for (const lease of ["l1", "l2", "l3"]) await addLabel(box, lease);
    server.failures = [network()];
    await box.flush(true);
    expect(box.snapshot()).toMatchObject({ status: "offline", saved: 0 });
    expect(box.snapshot().unsent).toHaveLength(3);

    const reopened = await open(server, name);
    await reopened.signInAs("ann");
    clock += GRACE_MS;
    await reopened.flush();
    expect(server.stored).toHaveLength(3);
    expect(reopened.snapshot().unsent).toEqual([]);
  });

  it("waits for the log-in after a 401", async () => {
    const server = new Server();
    const box = await open(server);
    await box.signInAs("ann");
    await addLabel(box);
    server.failures = [new ApiError(401, "not_authenticated", "")];
    await box.flush(true);
    expect(box.snapshot()).toMatchObject({ status: "signed_out", failed: [] });
    await box.signInAs("ann");
    await box.flush(true);
    expect(server.stored).toHaveLength(1);
  });

  it("is never sent as another account", async () => {
    const server = new Server();
    const box = await open(server);
    await box.signInAs("ann");
    const mine = await addLabel(box);
    server.signedIn = "bob";
    await box.flush(true);
    expect(server.calls).toBe(0);

    await box.signInAs("bob");
    await box.flush(true);
    expect(server.calls).toBe(0);
    expect(box.snapshot()).toMatchObject({ unsent: [], others: 1 });

    server.signedIn = "ann";
    await box.signInAs("ann");
    await box.flush(true);
    expect(server.stored).toEqual([mine]);
  });

  it.each([
    [403, "permission_denied", "forbidden"],
    [404, "lease_lost", "not_found"],
    [409, "judgment_conflict", "conflict"],
    [409, "already_judged", "already_judged"],
    [409, "not_current", "other"],
    [422, "invalid_answers", "invalid"],
  ] as const)(
    "keeps a judgment refused with %i %s and goes on with the next",
    async (status, code, reason) => {
      const server = new Server();
      const box = await open(server);
      await box.signInAs("ann");
      const refused = await addLabel(box);
      const next = await addLabel(box, "l2");
      server.failures = [new ApiError(status, code, "no", { "answers.overall": ["wrong"] })];
      await box.flush(true);
      expect(server.stored).toEqual([next]);
      expect(box.snapshot().failed.map((entry) => [entry.uuid, entry.failure?.reason])).toEqual([
        [refused, reason],
      ]);
      expect(box.snapshot().failed[0]?.failure?.message).toContain("answers.overall: wrong");

      await box.retry(refused);
      await box.flush(true);
      expect(server.stored).toEqual([next, refused]);
    },
  );

  it("tells when a judgment came too late to count", async () => {
    const server = new Server();
    const box = await open(server);
    await box.signInAs("ann");
    const seen: boolean[] = [];
    box.onSaved(({ surplus }) => seen.push(surplus));
    await addLabel(box, "late");
    await box.flush(true);
    expect(seen).toEqual([true]);
  });

  it("counts what another tab has sent, for the same account only", async () => {
    const box = await open(new Server());
    await box.signInAs("ann");
    const saved = { uuid: uuid4(), account: "ann", project: "7", surplus: false, edit: false };
    await box.hear(saved);
    await box.hear({ ...saved, account: "bob" });
    await box.hear({ ...saved, edit: true });
    await box.hear(null);
    expect(box.snapshot().saved).toBe(1);
  });

  it("sends again what a closed tab had left in flight", async () => {
    const server = new Server();
    const name = `outbox-${++database}`;
    const box = await open(server, name);
    await box.signInAs("ann");
    const uuid = await addLabel(box);
    await (await openStore(name)).move(uuid, "waiting", "sending");
    const reopened = await open(server, name);
    await reopened.signInAs("ann");
    await reopened.flush(true);
    expect(server.stored).toEqual([uuid]);
  });
});

describe("the lock of tabs without Web Locks", () => {
  it("lets one tab work at a time and runs out", async () => {
    const storage = localStorage;
    const one = noteLock("t", storage, "one", () => clock);
    const two = noteLock("t", storage, "two", () => clock);
    await one(async () => {
      expect(await two(async () => undefined)).toBe(false);
      clock += 60_000;
      expect(await two(async () => undefined)).toBe(true);
    });
  });
});
