import type { Agreement } from "../api/types";

type Ends = [number, number] | null;

/** An annotator's figures with the intervals and counts that the endpoint gives beside the rates. */
export type AnnotatorFigures = Agreement["annotators"][number] & {
  agreement_with_others_interval: Ends;
  agreement_with_others_n: number;
  first_position_interval: Ends;
  first_position_n: number;
  longer_interval: Ends;
  longer_n: number;
  tie_interval: Ends;
  tie_n: number;
};

export type JudgeFigures = Agreement["judges"][number] & {
  accuracy_interval: Ends;
  macro_precision_interval: Ends;
  macro_recall_interval: Ends;
  macro_f1_interval: Ends;
  reason?: string;
};

export type QuestionAgreement = Agreement["questions"][number];

export interface AgreementReport extends Omit<Agreement, "annotators" | "judges"> {
  annotators: AnnotatorFigures[];
  judges: JudgeFigures[];
}

export const KIND_FILTERS = ["human", "simulated", "model", "all"] as const;
export type KindFilter = (typeof KIND_FILTERS)[number];
