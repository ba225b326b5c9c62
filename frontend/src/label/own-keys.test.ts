import { describe, expect, it } from "vitest";
import { type Binding, keyName } from "./keymap";
import {
  firstKeys,
  keysOf,
  type OwnKeys,
  readOwnKeys,
  refusalOf,
  withKey,
  withOwnKeys,
  withoutKey,
} from "./own-keys";
import { bind, PAGE_KEYS, PAGE_TABLE } from "./page-keys";

const run = () => undefined;
const much: Binding = {
  keys: ["1"],
  group: "answer",
  label: "comparison.much",
  values: { letter: "A" },
  action: "comparison.much.A",
  run,
};
const bothBad: Binding = { keys: ["-", "b"], group: "answer", label: "comparison.both_bad", run };
const undo = bind("undo", run);
const submit = bind("submit", run);
const table = [much, bothBad, ...PAGE_TABLE];

describe("own keys", () => {
  it("stand in place of the defaults, and the table says what it said", () => {
    const own = withKey({}, undo, "u");
    expect(own).toEqual({ "task.undo": { key: "u", label: "task.undo" } });
    const found = withOwnKeys(table, own).find((one) => one.action === "task.undo");
    expect(found?.keys).toEqual(["u"]);
    expect(withOwnKeys([much], own)[0]).toBe(much);
  });

  it("are forgotten when the default is chosen again", () => {
    const own = withKey({}, undo, "u");
    expect(withKey(own, undo, "z")).toEqual({});
    expect(withoutKey(own, "task.undo")).toEqual({});
  });

  it("leave Ctrl+Enter beside the key that submits, and never alone", () => {
    const own = withKey({}, submit, "t");
    expect(keysOf(submit, own)).toEqual(["t", "Ctrl+Enter"]);
    expect(refusalOf(undo, "Ctrl+Enter", table, {}, true)?.why).toBe("kept");
    expect(refusalOf(submit, "Ctrl+Enter", table, {}, true)?.why).toBe("kept");
    expect(readOwnKeys({ "task.submit": { key: "Ctrl+Enter", label: "task.submit" } })).toEqual({});
  });
});

describe("a key that something else has", () => {
  it("is refused with the name of what it does", () => {
    expect(refusalOf(undo, "s", table, {}, true)).toEqual({
      why: "taken",
      key: "s",
      label: "task.skip",
      values: undefined,
    });
    expect(refusalOf(much, "z", table, {}, false)).toMatchObject({ label: "task.undo" });
    expect(refusalOf(undo, "1", table, {}, true)).toMatchObject({
      label: "comparison.much",
      values: { letter: "A" },
    });
  });

  it("is free once that has another one", () => {
    const own = withKey({}, bind("skip", run), "y");
    expect(refusalOf(undo, "s", table, own, true)).toBeNull();
    expect(refusalOf(undo, "y", table, own, true)).toMatchObject({ label: "task.skip" });
  });

  it("is refused to its old owner after it was given away", () => {
    const given = withKey(withKey({}, bind("skip", run), "y"), undo, "s");
    expect(refusalOf(bind("skip", run), "s", table, given, true)).toMatchObject({
      label: "task.undo",
    });
  });

  it("is refused to the page where some project answers with it, also on another screen", () => {
    expect(refusalOf(undo, "7", table, {}, true)).toEqual({ why: "answers", key: "7" });
    expect(refusalOf(much, "7", table, {}, false)).toBeNull();
    const own: OwnKeys = { "ranking.pick:a": { key: "t", label: "ranking.pick" } };
    expect(refusalOf(undo, "t", table, own, true)).toMatchObject({ label: "ranking.pick" });
  });

  it("is refused where the browser needs it", () => {
    for (const key of ["Escape", "Tab", "F5"]) {
      expect(refusalOf(undo, key, table, {}, true)).toEqual({ why: "kept", key });
    }
  });
});

describe("what an account has stored", () => {
  it("is read as far as it makes sense", () => {
    expect(readOwnKeys(null)).toEqual({});
    expect(readOwnKeys("x")).toEqual({});
    expect(
      readOwnKeys({
        good: { key: "u", label: "task.undo", values: { letter: "A", bad: {} } },
        none: { key: "", label: "x" },
        wrong: { key: 7, label: "x" },
        tab: { key: "Tab", label: "x" },
        nothing: null,
      }),
    ).toEqual({ good: { key: "u", label: "task.undo", values: { letter: "A" } } });
  });
});

describe("the page's keys", () => {
  it("are given once each", () => {
    const keys = Object.values(PAGE_KEYS).flatMap((one) => [...one.keys]);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

describe("keyboards and input methods of other scripts", () => {
  const press = (change: Partial<KeyboardEvent>) =>
    keyName({
      key: "a",
      code: "KeyA",
      ctrlKey: false,
      metaKey: false,
      altKey: false,
      shiftKey: false,
      repeat: false,
      isComposing: false,
      ...change,
    });

  it("press what is printed on the key in the Latin layout", () => {
    expect(press({ key: "в", code: "KeyD" })).toBe("d");
    expect(press({ key: "Process", code: "KeyD" })).toBe("d");
    expect(press({ key: "Process", code: "Digit1" })).toBe("1");
    expect(press({ key: "？", code: "Slash", shiftKey: true })).toBe("?");
    expect(press({ key: "、", code: "Slash" })).toBe("/");
    expect(press({ key: "１", code: "Numpad1" })).toBe("1");
  });

  it("keep the letters of a Latin layout where they are printed", () => {
    expect(press({ key: "z", code: "KeyY" })).toBe("z");
    expect(press({ key: "é", code: "Digit2" })).toBe("2");
  });

  it("have the block of digits for answers too", () => {
    expect(press({ key: "7", code: "Numpad7" })).toBe("7");
    expect(press({ key: "Enter", code: "NumpadEnter" })).toBe("Enter");
    expect(press({ key: "-", code: "NumpadSubtract" })).toBe("-");
  });
});

describe("the keys printed on buttons", () => {
  const letters = ["a", "b", "c", "d", "e", "f"].map(
    (key): Binding => ({ keys: [key], group: "answer", label: "ranking.pick", run }),
  );
  const reason: Binding = {
    keys: ["Shift+1"],
    group: "task",
    label: "why.give",
    action: "why.1",
    run,
  };

  it("are those that nothing earlier has taken", () => {
    expect(firstKeys(PAGE_TABLE, {})["task.flag"]).toBe("f");
    const ranking = firstKeys([...letters, reason, ...PAGE_TABLE], {});
    expect(ranking["task.flag"]).toBe("r");
    expect(ranking["view.diff"]).toBe("v");
    expect(ranking["view.dim"]).toBe("q");
    expect(ranking["ranking.pick:d"]).toBe("d");
  });

  it("are a person's own, and none where no key is left", () => {
    const own = withKey({}, undo, "u");
    expect(firstKeys([...PAGE_TABLE], own)["task.undo"]).toBe("u");
    const taken: Binding = { keys: ["z"], group: "answer", label: "other", run };
    expect(firstKeys([taken, ...PAGE_TABLE], {})["task.undo"]).toBe("");
  });
});
