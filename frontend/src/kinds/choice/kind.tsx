import { kind } from "../kind";
import { ChoiceOptions } from "./ChoiceOptions";
import { ChoicePanel } from "./ChoicePanel";

export default kind<"choice">({
  name: "choice",
  order: 40,
  Panel: ChoicePanel,
  Options: ChoiceOptions,
  defaults: { options: [], multiple: false, per_completion: false },
  isAnswer: (value) => typeof value.values === "object" && value.values !== null,
  saysSomething: ({ values }) =>
    Array.isArray(values)
      ? values.length > 0
      : Object.values(values).some((chosen) => chosen.length > 0),
  isComplete: (question, { values }, ids) =>
    !question.per_completion ||
    (!Array.isArray(values) && ids.every((id) => (values[id]?.length ?? 0) > 0)),
  toSend: (answer) => {
    if (Array.isArray(answer.values)) return answer;
    const chosen = Object.entries(answer.values).filter(([, options]) => options.length > 0);
    return { values: Object.fromEntries(chosen) };
  },
  words: ({ values }, { nameOf }) =>
    Array.isArray(values)
      ? values.join(", ")
      : Object.entries(values)
          .map(([id, chosen]) => `${nameOf(id)}: ${[chosen].flat().join(", ")}`)
          .join(" · "),
  tolerance: () => [{ name: "overlap", type: "share" }],
});
