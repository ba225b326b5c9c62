import { kind } from "../kind";
import { ComparisonOptions } from "./ComparisonOptions";
import { ComparisonPanel } from "./ComparisonPanel";

export default kind<"comparison">({
  name: "comparison",
  order: 10,
  Panel: ComparisonPanel,
  Options: ComparisonOptions,
  defaults: { strengths: 3, ties: true, both_bad: true },
  isAnswer: (value) => "choice" in value,
  saysSomething: (answer) => answer.choice !== "",
  words: ({ choice, strength = 1 }, { nameOf, t }) => {
    if (choice === "tie") return t("answer.tie");
    if (choice === "both_bad") return t("answer.bothBad");
    const name = nameOf(String(choice));
    return strength > 1 ? t("answer.strength", { name, strength }) : t("answer.better", { name });
  },
  tolerance: ({ strengths, ties, both_bad }) => [
    {
      name: "accept",
      type: "several",
      options: [...(ties ? ["tie"] : []), ...(both_bad ? ["both_bad"] : []), "either"],
    },
    ...(strengths > 1 ? [{ name: "strength", type: "count", most: strengths - 1 } as const] : []),
  ],
  submitsAlone: true,
  asksPairs: true,
});
