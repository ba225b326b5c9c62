import type { ComparisonAnswer, ComparisonQuestion } from "../../api/types";

/** One way to answer a comparison: a key, and what it says. */
export interface ComparisonStep {
  keys: readonly string[];
  kind: "first" | "second" | "tie" | "both_bad";
  strength: number;
  answer: ComparisonAnswer;
}

/**
 * The answers a comparison allows, from "first much better" to "second much better", on the keys
 * 1 to twice the number of strengths; 0 is a tie, minus or B says that both are bad.
 */
export function comparisonSteps(
  question: Pick<ComparisonQuestion, "strengths" | "ties" | "both_bad">,
  shown: readonly string[],
): ComparisonStep[] {
  const [first = "", second = ""] = shown;
  const { strengths } = question;
  const steps: ComparisonStep[] = [];
  const side = (kind: "first" | "second", choice: string, strength: number): ComparisonStep => ({
    keys: [String(steps.length + 1)],
    kind,
    strength,
    answer: strengths > 1 ? { choice, strength } : { choice },
  });
  for (let strength = strengths; strength >= 1; strength--) {
    steps.push(side("first", first, strength));
  }
  for (let strength = 1; strength <= strengths; strength++) {
    steps.push(side("second", second, strength));
  }
  if (question.ties) {
    steps.push({ keys: ["0"], kind: "tie", strength: 0, answer: { choice: "tie" } });
  }
  if (question.both_bad) {
    steps.push({
      keys: ["-", "b"],
      kind: "both_bad",
      strength: 0,
      answer: { choice: "both_bad" },
    });
  }
  return steps;
}

/** The word for a strength on a scale of `strengths`. */
export function strengthWord(strength: number, strengths: number): string {
  if (strengths === 1) return "better";
  if (strength === 1) return "slightly";
  return strength === strengths && strengths === 3 ? "much" : "clearly";
}
