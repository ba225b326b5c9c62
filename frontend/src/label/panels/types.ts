import type { Answer, Question } from "../../api/types";
import type { Draft } from "../answers";

/** What every panel gets; a panel asks one question, or several ratings in one grid. */
export interface PanelProps<Q extends Question = Question> {
  questions: readonly Q[];
  /** The outputs' ids in the order shown: the first is A. */
  ids: readonly string[];
  draft: Draft;
  /** Whether this panel has the keyboard. */
  active: boolean;
  onAnswer: (question: string, answer: Answer | undefined) => void;
}
