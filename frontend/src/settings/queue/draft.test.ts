import { describe, expect, it } from "vitest";
import type { Project } from "../../api/types";
import { adaptiveOf, changeOf, draftOf } from "./draft";

const project = {
  allocation: "fewest-first",
  random_share: 0.1,
  overlap: 3,
  overlap_most: null,
  confidence: null,
  quota_total: null,
  quota_daily: 40,
  lease_seconds: 1800,
} as unknown as Project;

describe("the queue's settings", () => {
  it("begin with a usual pair where adaptive overlap is off, and send neither", () => {
    const draft = draftOf(project);
    expect(draft).toMatchObject({ adaptive: false, overlap_most: 5, confidence: 0.85 });
    expect(changeOf(draft)).toMatchObject({
      overlap_most: null,
      confidence: null,
      quota_daily: 40,
    });
    expect(changeOf(draft)).not.toHaveProperty("adaptive");
  });

  it("send both where it is on", () => {
    const draft = { ...draftOf(project), adaptive: true };
    expect(changeOf(draft)).toMatchObject({ overlap_most: 5, confidence: 0.85 });
    expect(draftOf({ ...project, overlap_most: 7, confidence: 0.9 })).toMatchObject({
      adaptive: true,
      overlap_most: 7,
      confidence: 0.9,
    });
  });

  it("ask the calculation only for what can be set", () => {
    const draft = draftOf(project);
    expect(adaptiveOf(draft)).toEqual({ overlap_most: 5, confidence: 0.85 });
    expect(adaptiveOf({ ...draft, overlap_most: 2 })).toBeNull();
    expect(adaptiveOf({ ...draft, overlap_most: 3.5 })).toBeNull();
    expect(adaptiveOf({ ...draft, overlap_most: Number.NaN })).toBeNull();
    expect(adaptiveOf({ ...draft, confidence: 0.3 })).toBeNull();
    expect(adaptiveOf({ ...draft, overlap_most: 101 })).toBeNull();
  });
});
