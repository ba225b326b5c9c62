import { useTranslation } from "react-i18next";
import type { PromotionDecision, TrainingRun } from "../api/types";
import { useFormats } from "../charts/format";
import type { Model } from "./types";

/** Why a model was promoted or not, in one sentence with the measured difference. */
export function useDecisionText(): (decision: PromotionDecision | null) => string {
  const { t } = useTranslation("training");
  const formats = useFormats();
  return (decision) => {
    if (!decision) return t("decision.none");
    const head = t(`decision.${decision.promoted ? "promoted" : "not"}.${decision.code}`, {
      defaultValue: decision.message,
      ...decision.must_pass,
    });
    if (decision.difference === null || decision.n === null) return head;
    const values = {
      difference: formats.points(decision.difference),
      n: formats.count(decision.n),
    };
    const measured = decision.interval
      ? t("decision.measured", {
          ...values,
          low: formats.points(decision.interval[0]),
          high: formats.points(decision.interval[1]),
        })
      : t("decision.measuredOnce", values);
    return t("decision.sentence", { head, measured });
  };
}

/** The decision on a model, and that somebody overruled it where that is so. */
export function useModelDecisionText(): (model: Pick<Model, "decision" | "status">) => string {
  const { t } = useTranslation("training");
  const decisionText = useDecisionText();
  return ({ decision, status }) => {
    const text = decisionText(decision);
    const overruled = status !== "candidate" && decision?.promoted === false;
    return overruled ? `${text} ${t("decision.later")}` : text;
  };
}

/** “312 labels: 12 human of which 9 yours, 300 simulated”. */
export function useLabelsText(): (labels: TrainingRun["labels"]) => string {
  const { t } = useTranslation("training");
  const formats = useFormats();
  return (labels) => {
    const parts: string[] = [];
    if (labels.human > 0) {
      parts.push(
        labels.mine > 0
          ? t("labels.humanMine", {
              human: formats.count(labels.human),
              mine: formats.count(labels.mine),
            })
          : t("labels.human", { human: formats.count(labels.human) }),
      );
    }
    if (labels.simulated > 0) {
      parts.push(t("labels.simulated", { simulated: formats.count(labels.simulated) }));
    }
    if (labels.model > 0) parts.push(t("labels.model", { model: formats.count(labels.model) }));
    const total = t("labels.total", { count: labels.total, text: formats.count(labels.total) });
    return parts.length > 0
      ? t("labels.sentence", { total, parts: parts.join(t("labels.comma")) })
      : total;
  };
}

const STEPS = [
  "waiting for a worker",
  "starting",
  "reading labels",
  "reading features",
  "choosing how strict to be",
  "choosing how strict the linear part is",
  "choosing how strict the linear parts are",
  "comparing outputs with one another",
  "fitting",
  "fitted",
  "evaluating",
  "saving",
  "finished",
  "cancelled",
  "failed",
];

/** Steps with numbers in them: a pattern, and the names of what it captures. */
const COUNTED: [RegExp, string][] = [
  [/^embedded (?<done>\d+) of (?<total>\d+) new texts$/, "embedded"],
  [/^(?<labels>\d+) labels on (?<prompts>\d+) prompts$/, "read"],
  [
    /^Fewer than (?<fewest>\d+) groups of prompts to test on: cross-validation in (?<folds>\d+) folds instead of a holdout\.$/,
    "fallback",
  ],
  [/^epoch (?<done>\d+) of (?<total>\d+)$/, "epoch"],
];
const PREFIXES: [RegExp, string][] = [
  [/^fold (?<done>\d+) of (?<total>\d+): /, "fold"],
  [/^final fit: /, "final"],
];

/** The step of a run in the reader's language, where we know it. */
export function useStepText(): (step: string | number | null) => string {
  const { t } = useTranslation("training");
  const words = (text: string): string => {
    for (const [pattern, key] of PREFIXES) {
      const match = pattern.exec(text);
      if (match) {
        const head = t(`step.${key}`, { ...match.groups });
        return `${head} ${words(text.slice(match[0].length))}`;
      }
    }
    for (const [pattern, key] of COUNTED) {
      const match = pattern.exec(text);
      if (match) return t(`step.${key}`, { ...match.groups });
    }
    return STEPS.includes(text) ? t(`step.${text}`) : text;
  };
  return (step) => words(String(step ?? ""));
}
