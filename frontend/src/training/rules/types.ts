import type { Figure } from "../../api/types";
import type { CheckName } from "./draft";

/** A passage of a text, in code points. */
export interface Hit {
  start: number;
  end: number;
}

/** A passage of an output; `before` and `after` say how much of the output is left out. */
export interface RuleExample {
  prompt: string;
  holds: boolean;
  text: string;
  before: number;
  after: number;
  hits: Hit[];
}

/** What one rule did on the sample. */
export interface RuleTried {
  name: string;
  check: CheckName;
  weight: number;
  tried: number;
  held: number;
  share: number | null;
  mean: number | null;
  timeouts: number;
  stopped: boolean;
  preferred: Figure;
  examples: RuleExample[];
}

/** The answer to rules that were tried. */
export interface RulesTried {
  sample: number;
  outputs: number;
  rules: RuleTried[];
  agreement: Figure;
  equal: number;
}
