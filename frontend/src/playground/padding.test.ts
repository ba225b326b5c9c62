import { describe, expect, it } from "vitest";
import { languageOf, padded, preference } from "./padding";

describe("languageOf", () => {
  it("tells Chinese from English by the letters", () => {
    expect(languageOf("鸡蛋煮八分钟。", "en")).toBe("zh");
    expect(languageOf("Boil the egg for eight minutes.", "zh")).toBe("en");
    expect(languageOf("请用 Python 写一个 function。", "en")).toBe("zh");
    expect(languageOf("42", "zh")).toBe("zh");
  });
});

describe("padded", () => {
  it("keeps the answer and adds sentences of its language, without a line break", () => {
    expect(padded("Eight minutes.\n", "zh")).toMatch(/^Eight minutes\. I hope .+$/);
    expect(padded("八分钟。", "en")).toMatch(/^八分钟。希望.+$/);
  });
});

describe("preference", () => {
  it("is the logistic function, without overflow", () => {
    expect(preference(0)).toBe(0.5);
    expect(preference(Math.log(3))).toBeCloseTo(0.75, 12);
    expect(preference(-2000)).toBe(0);
    expect(preference(2000)).toBe(1);
  });
});
