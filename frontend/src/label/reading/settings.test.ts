import { beforeEach, describe, expect, it } from "vitest";
import {
  loadReading,
  nextOf,
  nextPair,
  pairIn,
  pairsOf,
  SCROLLINGS,
  storeReading,
  USUAL,
} from "./settings";

beforeEach(() => localStorage.clear());

describe("pairs of outputs", () => {
  it("are gone through one after the other, and then none", () => {
    expect(pairsOf(3)).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ]);
    expect([null, 0, 1, 2].map((pair) => nextPair(pair, 3))).toEqual([0, 1, 2, null]);
    expect([null, 0].map((pair) => nextPair(pair, 2))).toEqual([0, null]);
    expect(nextPair(null, 1)).toBeNull();
  });

  it("fall back to the first where a task has fewer outputs", () => {
    expect(pairIn(5, 4)).toEqual([2, 3]);
    expect(pairIn(5, 2)).toEqual([0, 1]);
    expect(pairIn(0, 1)).toBeNull();
    expect(pairIn(null, 2)).toBeNull();
  });
});

describe("the way of reading", () => {
  it("is remembered per account and project; size and dimming everywhere", () => {
    storeReading(localStorage, "7", "1", { ...USUAL, layout: "stacked", size: 3, dim: true });
    storeReading(localStorage, "7", "2", { ...USUAL, layout: "single", size: 4, dim: false });
    expect(loadReading(localStorage, "7", "1")).toEqual({ ...USUAL, layout: "stacked", size: 4 });
    expect(loadReading(localStorage, "7", "2").layout).toBe("single");
    expect(loadReading(localStorage, "7", "3").layout).toBe("single");
    expect(loadReading(localStorage, "8", "1")).toEqual(USUAL);
  });

  it("is as usual where nonsense is stored", () => {
    for (const text of ["", "nonsense", "[]", '{"layout":"x","size":99,"pair":-1,"dim":3}']) {
      localStorage.setItem("plaudit.reading.7", text);
      expect(loadReading(localStorage, "7", "1")).toEqual(USUAL);
    }
  });

  it("goes round", () => {
    expect(SCROLLINGS.map((one) => nextOf(SCROLLINGS, one))).toEqual(["together", "apart", "page"]);
  });
});
