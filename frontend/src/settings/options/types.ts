import type { Question } from "../../api/types";

export interface OptionsProps<Q extends Question> {
  question: Q;
  onChange: (question: Q) => void;
  /** What the server says about one of the question's fields. */
  at: (field: string) => string | undefined;
}
