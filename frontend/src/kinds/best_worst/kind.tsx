import { kind } from "../kind";
import { BestWorstPanel } from "./BestWorstPanel";

export default kind<"best_worst">({
  name: "best_worst",
  order: 50,
  Panel: BestWorstPanel,
  defaults: {},
  isAnswer: (value) => "best" in value && "worst" in value,
  saysSomething: ({ best, worst }) => best !== "" && worst !== "",
  words: ({ best, worst }, { nameOf, t }) =>
    t("answer", { best: nameOf(best), worst: nameOf(worst) }),
  tolerance: () => [{ name: "ends", type: "one", options: ["both", "best", "worst"] }],
});
