import { expect, it } from "vitest";
import { ActiveTime, IDLE_MS } from "./active-time";

it("counts activity and stands still while hidden or idle", () => {
  let now = 0;
  const time = new ActiveTime(() => now);
  now = 5_000;
  time.touch();
  expect(time.read()).toBe(5_000);
  now = 500_000;
  time.touch();
  expect(time.read()).toBe(5_000 + IDLE_MS);
  time.hide();
  now = 900_000;
  expect(time.read()).toBe(5_000 + IDLE_MS);
  time.show();
  now = 901_000;
  expect(time.read()).toBe(6_000 + IDLE_MS);
});
