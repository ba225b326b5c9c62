import { describe, expect, it } from "vitest";
import type { QueueItem } from "../api/types";
import { type Desk, type Done, deskReducer, EMPTY_DESK, viewOf } from "./desk";

const task = (name: string): QueueItem => ({
  lease: `lease-${name}`,
  item: name,
  expires_at: "2030-01-01T00:00:00Z",
  prompt: { id: name, messages: [], language: "en" },
  completions: [
    { id: "c1", text: "" },
    { id: "c2", text: "" },
  ],
  shown: ["c2", "c1"],
  position: null,
});

const done = (name: string, uuid = `judgment-${name}`): Done => ({
  uuid,
  item: task(name),
  status: "submitted",
  answers: { overall: { choice: "c1" } },
  reason: "",
  origin: { lease: `lease-${name}` },
  previous: null,
});

const load = (desk: Desk, names: string[], unsent: string[] = [], asked = 5) =>
  deskReducer(desk, {
    type: "loaded",
    items: names.map(task),
    asked,
    remaining: 10,
    reason: null,
    unsent,
  });
const names = (desk: Desk) => desk.ring.map((item) => item.item);

describe("the ring", () => {
  it("shows the first task and keeps the order over a refill", () => {
    let desk = load(EMPTY_DESK, ["a", "b"]);
    desk = load(desk, ["b", "c", "a"]);
    expect(names(desk)).toEqual(["a", "b", "c"]);
    expect(viewOf(desk)?.item.item).toBe("a");
  });

  it("shows the next task at once and never offers a judged one again", () => {
    let desk = load(EMPTY_DESK, ["a", "b"]);
    desk = deskReducer(desk, { type: "submitted", done: done("a") });
    expect(viewOf(desk)?.item.item).toBe("b");
    desk = load(desk, ["a", "b", "c"]);
    expect(names(desk)).toEqual(["b", "c"]);
    expect(desk.remaining).toBe(9);
  });

  it("takes an item again that it has judged on another lease", () => {
    let desk = load(EMPTY_DESK, ["a", "b"]);
    desk = deskReducer(desk, { type: "submitted", done: done("a") });
    const again = { ...task("a"), lease: "lease-again", shown: ["c1", "c2"] };
    desk = deskReducer(desk, {
      type: "loaded",
      items: [task("b"), again],
      asked: 5,
      remaining: 1,
      reason: null,
      unsent: [],
    });
    expect(desk.ring.map((item) => item.lease)).toEqual(["lease-b", "lease-again"]);
    const edit: Done = { ...done("a", "edit"), origin: { supersedes: "judgment-a" } };
    desk = deskReducer(deskReducer(desk, { type: "back" }), { type: "submitted", done: edit });
    expect(names(desk)).toEqual(["b", "a"]);
  });

  it("leaves out tasks whose judgments wait in the outbox after a reload", () => {
    expect(names(load(EMPTY_DESK, ["a", "b"], ["a"]))).toEqual(["b"]);
  });

  it("takes a renewed lease for a task that it holds", () => {
    const desk = load(EMPTY_DESK, ["a"]);
    const renewed = { ...task("a"), lease: "lease-new", shown: ["c1", "c2"] };
    const next = deskReducer(desk, {
      type: "loaded",
      items: [renewed],
      asked: 5,
      remaining: 1,
      reason: null,
      unsent: [],
    });
    expect(viewOf(next)?.item).toMatchObject({ lease: "lease-new", shown: ["c2", "c1"] });
  });

  it("drops tasks that were judged in another tab", () => {
    let desk = load(EMPTY_DESK, ["a", "b"]);
    desk = deskReducer(desk, { type: "elsewhere", items: ["a"] });
    expect(names(desk)).toEqual(["b"]);
    expect(names(load(desk, ["a", "b"]))).toEqual(["b"]);
    expect(deskReducer(desk, { type: "elsewhere", items: ["z"] })).toBe(desk);
  });

  it("knows when the server has no more", () => {
    expect(load(EMPTY_DESK, ["a"]).exhausted).toBe(true);
    expect(load(EMPTY_DESK, ["a"], [], 1).exhausted).toBe(false);
  });
});

describe("undo and going back", () => {
  it("puts an unsent judgment's task back with its answers", () => {
    let desk = load(EMPTY_DESK, ["a", "b"]);
    desk = deskReducer(desk, { type: "submitted", done: done("a") });
    desk = deskReducer(desk, { type: "takenBack", done: done("a") });
    expect(names(desk)).toEqual(["a", "b"]);
    expect(viewOf(desk)).toMatchObject({ editing: null, draft: { overall: { choice: "c1" } } });
    expect(desk.remaining).toBe(10);
    expect(names(load(desk, ["a", "b"]))).toEqual(["a", "b"]);
  });

  it("opens a sent judgment for editing and keeps the current task's draft", () => {
    let desk = load(EMPTY_DESK, ["a", "b"]);
    desk = deskReducer(desk, { type: "submitted", done: done("a") });
    desk = deskReducer(desk, { type: "edited", question: "note", answer: { text: "hm" } });
    desk = deskReducer(desk, { type: "back" });
    expect(viewOf(desk)?.editing?.uuid).toBe("judgment-a");
    desk = deskReducer(desk, { type: "forward" });
    expect(viewOf(desk)).toMatchObject({ editing: null, draft: { note: { text: "hm" } } });
  });

  it("replaces an edited judgment and returns to the current task", () => {
    let desk = load(EMPTY_DESK, ["a", "b"]);
    desk = deskReducer(desk, { type: "submitted", done: done("a") });
    desk = deskReducer(desk, { type: "back" });
    const edit: Done = {
      ...done("a", "edit"),
      origin: { supersedes: "judgment-a" },
      previous: done("a"),
    };
    desk = deskReducer(desk, { type: "submitted", done: edit });
    expect(desk.history.map((one) => one.uuid)).toEqual(["edit"]);
    expect(viewOf(desk)?.item.item).toBe("b");
    expect(desk.remaining).toBe(9);

    desk = deskReducer(desk, { type: "takenBack", done: edit });
    expect(desk.history.map((one) => one.uuid)).toEqual(["judgment-a"]);
    expect(viewOf(desk)?.editing?.uuid).toBe("judgment-a");
  });

  it("stops at the oldest judgment", () => {
    const desk = deskReducer(load(EMPTY_DESK, ["a"]), { type: "back" });
    expect(desk.cursor).toBeNull();
  });

  it("learns how long its leases run, and shows the same tasks", () => {
    const loaded = load(EMPTY_DESK, ["a", "b"]);
    const [first] = loaded.ring;
    if (!first) throw new Error("the ring is empty");
    const renewed = deskReducer(loaded, {
      type: "renewed",
      leases: [
        { lease: first.lease, expires_at: "2040-01-01T00:00:00Z" },
        { lease: "somebody else's", expires_at: "2040-01-01T00:00:00Z" },
      ],
    });
    expect(renewed.ring.map((item) => item.expires_at)).toEqual([
      "2040-01-01T00:00:00Z",
      ...loaded.ring.slice(1).map((item) => item.expires_at),
    ]);
    expect(renewed.ring.map((item) => item.prompt)).toEqual(loaded.ring.map((item) => item.prompt));
  });
});

describe("the reason of an answer", () => {
  const explained = (desk: Desk, reason: string) =>
    deskReducer(desk, { type: "explained", reason });

  it("belongs to its task, whatever is looked at meanwhile", () => {
    let desk = load(EMPTY_DESK, ["a", "b"]);
    desk = deskReducer(desk, { type: "submitted", done: { ...done("a"), reason: "safer" } });
    desk = explained(desk, "clearer");
    desk = deskReducer(desk, { type: "back" });
    expect(viewOf(desk)?.reason).toBe("safer");
    desk = deskReducer(desk, { type: "forward" });
    expect(viewOf(desk)?.reason).toBe("clearer");
  });

  it("comes back with a judgment that is taken back, and is gone once it is made", () => {
    let desk = load(EMPTY_DESK, ["a", "b"]);
    const made = { ...done("a"), reason: "safer" };
    desk = deskReducer(explained(desk, "safer"), { type: "submitted", done: made });
    expect(viewOf(desk)?.reason).toBe("");
    desk = deskReducer(desk, { type: "takenBack", done: made });
    expect(viewOf(desk)).toMatchObject({ key: "a", reason: "safer", draft: made.answers });
    desk = deskReducer(desk, { type: "submitted", done: made });
    expect(desk.reasons).toEqual({});
  });

  it("is not why a task was skipped", () => {
    const skipped: Done = { ...done("a"), status: "skipped", answers: {}, reason: "too long" };
    const desk = deskReducer(load(EMPTY_DESK, ["a"]), { type: "submitted", done: skipped });
    expect(viewOf(deskReducer(desk, { type: "back" }))?.reason).toBe("");
  });

  it("goes with what was begun when another tab has judged the task", () => {
    let desk = explained(load(EMPTY_DESK, ["a", "b"]), "safer");
    desk = deskReducer(desk, {
      type: "edited",
      question: "overall",
      answer: { choice: "c1" },
    });
    desk = deskReducer(desk, { type: "elsewhere", items: ["a"] });
    expect([desk.drafts, desk.reasons]).toEqual([{}, {}]);
  });
});
