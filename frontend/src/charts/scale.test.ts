import { describe, expect, it } from "vitest";
import { stack } from "./StripPlot";
import { dodge, niceTicks, placeOn } from "./scale";

describe("placeOn", () => {
  it("places values by their share of the range and keeps the others at the edge", () => {
    const at = placeOn([-0.2, 1]);
    expect(at(-0.2)).toBe("0%");
    expect(at(0.4)).toBe("50%");
    expect(at(3)).toBe("100%");
  });
});

describe("niceTicks", () => {
  it("covers the values with round steps", () => {
    expect(niceTicks([0.43, 0.81])).toEqual([0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    expect(niceTicks([0, 1])).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    expect(niceTicks([-3, 7])).toEqual([-4, -2, 0, 2, 4, 6, 8]);
  });

  it("gives a range for equal values and for none", () => {
    expect(niceTicks([2, 2]).length).toBeGreaterThan(1);
    expect(niceTicks([])).toEqual([0, 1]);
  });
});

describe("dodge", () => {
  it("keeps labels apart and in order", () => {
    expect(dodge([10, 12, 40], 14)).toEqual([10, 24, 40]);
    expect(dodge([40, 12, 10], 14)).toEqual([40, 24, 10]);
  });
});

describe("stack", () => {
  it("uses one row where there is room, and another one where there is none", () => {
    expect(
      stack([
        [0, 10],
        [10, 20],
        [30, 40],
      ]),
    ).toEqual([0, 0, 0]);
    expect(
      stack([
        [15, 25],
        [0, 20],
        [18, 30],
      ]),
    ).toEqual([1, 0, 2]);
  });
});
