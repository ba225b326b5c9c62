import type { components } from "../api/schema";
import type { Figure } from "../api/types";

/** How judgments entered a model; empty for kinds that do not choose. */
export type Likelihood = components["schemas"]["Likelihood"];

/** A rated criterion: what it counts in the reward, and how well it is told on held-out outputs. */
export interface CriterionFigure {
  criterion: string;
  weight: number;
  accuracy: Figure;
}
