import type { Question } from "../../api/types";
import type { Picked } from "./column-map";

export interface PartProps {
  picked: Picked;
  onChange: (picked: Picked) => void;
  columns: readonly string[];
  samples: Record<string, string[]> | null;
  questions: readonly Question[];
}
