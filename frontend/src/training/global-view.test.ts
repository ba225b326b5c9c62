import { describe, expect, it } from "vitest";
import { lengthVerdict } from "./global-view";
import type { GlobalView } from "./types";

const figure = (value: number, low: number, high: number) => ({
  value,
  interval: [low, high] as [number, number],
  n: 100,
});

const view = (share: number, low: number, high: number): GlobalView => ({
  prompts: 50,
  outputs: 100,
  shares: {
    length: figure(share, 0, 1),
    style: figure(share, 0, 1),
    style_beyond_length: figure(0, 0, 0),
  },
  features: [
    {
      name: "log characters",
      correlation: figure((low + high) / 2, low, high),
      weight: figure(0, -1, 1),
    },
  ],
});

describe("lengthVerdict", () => {
  it("says which way length moves the reward", () => {
    expect(lengthVerdict(view(0.4, 0.5, 0.7))).toBe("longer");
    expect(lengthVerdict(view(0.4, -0.7, -0.5))).toBe("shorter");
  });

  it("says neither where the direction is not certain", () => {
    expect(lengthVerdict(view(0.4, -0.1, 0.2))).toBe("bent");
    expect(lengthVerdict(view(0.4, 0, 0))).toBe("bent");
  });

  it("says that length hardly matters, or that nothing is known", () => {
    expect(lengthVerdict(view(0.01, 0.5, 0.7))).toBe("none");
    const undefinedShare = { value: null, reason: "fewer than 10 groups" };
    expect(
      lengthVerdict({
        ...view(0.4, 0.5, 0.7),
        shares: {
          length: undefinedShare,
          style: undefinedShare,
          style_beyond_length: undefinedShare,
        },
        features: [],
      }),
    ).toBe("none");
  });
});
