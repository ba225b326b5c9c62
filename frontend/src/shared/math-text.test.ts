import { describe, expect, it } from "vitest";
import { markMath } from "./math-text";

const marked = (text: string) => markMath(text).text;

describe("markMath", () => {
  it("leaves amounts of money alone", () => {
    expect(marked("It costs $5 and $10.")).toBe("It costs $5 and $10.");
    expect(marked("from $20 to $30")).toBe("from $20 to $30");
  });

  it("marks single dollars and round brackets as inline mathematics", () => {
    expect(marked("so $x^2$ holds")).toBe("so $$x^2$$ holds");
    expect(marked("so \\(x^2\\) holds")).toBe("so $$x^2$$ holds");
  });

  it("sets square brackets and lone double dollars as a block", () => {
    expect(marked("\\[a+b\\]")).toBe("\n\n$$\na+b\n$$\n\n");
    expect(marked("$$a+b$$")).toBe("\n\n$$\na+b\n$$\n\n");
  });

  it("touches nothing inside code", () => {
    const code = "```sh\necho $HOME $PATH\n```";
    expect(marked(code)).toBe(code);
    expect(marked("`$a$`")).toBe("`$a$`");
  });
});
