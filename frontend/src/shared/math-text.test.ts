import { describe, expect, it } from "vitest";
import { markMath } from "./math-text";

describe("markMath", () => {
  it("leaves amounts of money alone", () => {
    expect(markMath("It costs $5 and $10.")).toBe("It costs $5 and $10.");
    expect(markMath("from $20 to $30")).toBe("from $20 to $30");
  });

  it("marks single dollars and round brackets as inline mathematics", () => {
    expect(markMath("so $x^2$ holds")).toBe("so $$x^2$$ holds");
    expect(markMath("so \\(x^2\\) holds")).toBe("so $$x^2$$ holds");
  });

  it("sets square brackets and lone double dollars as a block", () => {
    expect(markMath("\\[a+b\\]")).toBe("\n\n$$\na+b\n$$\n\n");
    expect(markMath("$$a+b$$")).toBe("\n\n$$\na+b\n$$\n\n");
  });

  it("touches nothing inside code", () => {
    const code = "```sh\necho $HOME $PATH\n```";
    expect(markMath(code)).toBe(code);
    expect(markMath("`$a$`")).toBe("`$a$`");
  });
});
