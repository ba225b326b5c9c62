import { describe, expect, it } from "vitest";
import { ACTIVE_MS, checkEvery, isDue, leasesToReturn } from "./lease-keeping";

const lease = (name: string, seconds: number) => ({
  lease: name,
  expires_at: new Date(seconds * 1000).toISOString(),
});
const at = (seconds: number, lastSign: number, leaseSeconds = 1800) => ({
  now: 1000 * seconds,
  lastSign: 1000 * lastSign,
  leaseSeconds,
});

describe("renewing leases", () => {
  it("waits for half their time", () => {
    expect(isDue([lease("a", 1800)], at(890, 880))).toBe(false);
    expect(isDue([lease("a", 1800), lease("b", 2000)], at(910, 900))).toBe(true);
    expect(isDue([], at(910, 900))).toBe(false);
  });

  it("is never done for a page that nobody uses", () => {
    const idle = ACTIVE_MS / 1000 + 1;
    expect(isDue([lease("a", 1800)], at(1700, 1700 - idle))).toBe(false);
    expect(isDue([lease("a", 20)], at(15, 4, 10))).toBe(false);
    expect(isDue([lease("a", 20)], at(16, 15, 10))).toBe(true);
  });

  it("looks several times in the life of a lease", () => {
    expect(checkEvery(1800)).toBe(30_000);
    expect(checkEvery(8)).toBe(1000);
    expect(checkEvery(1)).toBe(500);
  });
});

describe("returning leases", () => {
  it("keeps those that an unsent judgment leans on", () => {
    expect(leasesToReturn([lease("a", 1), lease("b", 1), lease("", 1)], ["b", "c"])).toEqual(["a"]);
  });
});
