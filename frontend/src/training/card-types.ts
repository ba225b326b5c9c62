import type { components } from "../api/schema";
import type { Figure, Promotion } from "../api/types";
import type { FullEvaluation, Model } from "./types";

type Wire = components["schemas"]["Card"];

/** What was measured, and what it is held against. */
export interface Weakness extends Omit<Wire["weaknesses"][number], "figure"> {
  figure: Figure | null;
}

/** A fact to know first. */
export interface Finding extends Omit<Wire["findings"][number], "figure"> {
  figure: Figure | null;
}

/** The card of a version, as the server makes it. */
export interface ModelCard
  extends Omit<
    Wire,
    | "agreement"
    | "figures"
    | "baselines"
    | "reference"
    | "slices"
    | "attacks"
    | "findings"
    | "weaknesses"
    | "since_promotion"
    | "decision"
    | "served"
  > {
  agreement: { question: string; percent: Figure; alpha: Figure }[];
  figures: { name: string; style: "share" | "number"; figure: Figure }[];
  baselines: { name: string; accuracy: Figure; length_balanced_accuracy: Figure }[];
  reference: { accuracy: Figure; model: Figure };
  slices: { by: string; name: string; accuracy: Figure; verdict: "worse" | "better" }[];
  attacks: NonNullable<FullEvaluation["hackability"]>;
  findings: Finding[];
  weaknesses: Weakness[];
  since_promotion: Figure | null;
  decision: Model["decision"];
  served: Promotion[];
}
