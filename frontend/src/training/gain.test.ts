import { describe, expect, it } from "vitest";
import { gainOf } from "./gain";

describe("a gain", () => {
  it("is clear only where its whole interval lies on one side of nothing", () => {
    expect(gainOf({ low: 0.01, high: 0.05 })).toBe("better");
    expect(gainOf({ low: -0.05, high: -0.01 })).toBe("worse");
    expect(gainOf({ low: -0.01, high: 0.05 })).toBe("unclear");
    expect(gainOf({ low: 0, high: 0.05 })).toBe("unclear");
    expect(gainOf({ low: null, high: null })).toBe("unclear");
  });
});
