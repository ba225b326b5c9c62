import { kind } from "../kind";
import { RatingOptions } from "./RatingOptions";
import { RatingPanel } from "./RatingPanel";

export default kind<"rating">({
  name: "rating",
  order: 20,
  Panel: RatingPanel,
  Options: RatingOptions,
  defaults: { min: 1, max: 5, labels: {} },
  isAnswer: (value) => typeof value.scores === "object" && value.scores !== null,
  saysSomething: ({ scores }) => Object.keys(scores).length > 0,
  isComplete: (_question, { scores }, ids) => ids.every((id) => scores[id] !== undefined),
  words: ({ scores }, { nameOf }) =>
    Object.entries(scores)
      .map(([id, score]) => `${nameOf(id)}: ${score}`)
      .join(" · "),
  tolerance: ({ min, max }) => [{ name: "within", type: "number", most: max - min }],
  asksTogether: true,
});
