import { describe, expect, it } from "vitest";
import { EXPORT_FORMATS, exportUrl, loadSnippet, NO_FILTERS } from "./export-formats";

describe("the address of an export", () => {
  it("leaves out what is not filtered", () => {
    expect(exportUrl("7", "jsonl", NO_FILTERS)).toBe("/api/v1/projects/7/export/?format=jsonl");
  });

  it("asks for single judgments in preference files only", () => {
    const filters = { ...NO_FILTERS, consensus: false };
    expect(exportUrl("7", "trl-preference", filters)).toContain("consensus=0");
    expect(exportUrl("7", "csv", filters)).not.toContain("consensus");
  });
});

it("the snippet names the loader of the format", () => {
  expect(loadSnippet(EXPORT_FORMATS[2], "f.parquet")).toContain('load_dataset("parquet"');
});
