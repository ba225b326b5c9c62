import { describe, expect, it } from "vitest";
import { LINEAR, linearFrom, linearProblems, linearRequest } from "./linear-draft";

const TEXTBOOK = { ...LINEAR, loss: "squared", optimizer: "adam" } as const;

describe("how a linear model is fitted", () => {
  it("asks for nothing where nothing was changed", () => {
    expect(linearRequest(LINEAR)).toEqual({});
  });

  it("can be the textbook's: squared error, Adam at .01, 10 epochs", () => {
    expect(linearRequest(TEXTBOOK)).toEqual({
      loss: "squared",
      optimizer: "adam",
      learning_rate: 0.01,
      epochs: 10,
      batch_size: 32,
    });
  });

  it("asks for criteria by themselves only where they can be fitted so", () => {
    expect(linearRequest({ ...LINEAR, criteria: "heads" })).toEqual({ criteria: "heads" });
    expect(linearRequest({ ...TEXTBOOK, criteria: "heads" })).not.toHaveProperty("criteria");
  });

  it("says which number is missing or out of range, of Adam alone", () => {
    const wrong = { ...TEXTBOOK, learning_rate: 2, epochs: "" } as const;
    expect(linearProblems(wrong)).toEqual({ learning_rate: "range", epochs: "required" });
    expect(linearProblems({ ...wrong, optimizer: "newton" })).toEqual({});
  });

  it("is kept, and what cannot be read takes its default", () => {
    expect(linearFrom(JSON.parse(JSON.stringify(TEXTBOOK)))).toEqual(TEXTBOOK);
    expect(linearFrom({ epochs: "many", loss: 3, batch_size: "" })).toEqual({
      ...LINEAR,
      batch_size: "",
    });
    expect(linearFrom(null)).toEqual(LINEAR);
  });
});
