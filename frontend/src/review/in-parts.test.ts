import { describe, expect, it } from "vitest";
import { inParts } from "./in-parts";

const AT = "2026-01-31T10:00:00Z";

describe("inParts", () => {
  it("goes on with the first part's moment until nothing is left", async () => {
    const asked: (string | null)[] = [];
    const seen: number[] = [];
    let left = 5;
    const result = await inParts(
      async (at) => {
        asked.push(at);
        const done = Math.min(2, left);
        left -= done;
        return { at: AT, done, left };
      },
      (rest) => seen.push(rest),
    );
    expect(result).toEqual({ done: 5, at: AT });
    expect(asked).toEqual([null, AT, AT]);
    expect(seen).toEqual([3, 1]);
  });

  it("ends where a part reached nothing, so that it never runs for ever", async () => {
    const result = await inParts(
      async () => ({ at: AT, done: 0, left: 7 }),
      () => undefined,
    );
    expect(result.done).toBe(0);
  });
});
