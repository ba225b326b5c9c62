import type { ComponentType } from "react";
import type { Question } from "../../api/types";
import { BestWorstPanel } from "./BestWorstPanel";
import { ChoicePanel } from "./ChoicePanel";
import { CommentPanel } from "./CommentPanel";
import { ComparisonPanel } from "./ComparisonPanel";
import { RankingPanel } from "./RankingPanel";
import { RatingPanel } from "./RatingPanel";
import type { PanelProps } from "./types";
import { UnsupportedPanel } from "./UnsupportedPanel";

/** The panel of each kind of question. A panel only ever gets questions of its own kind. */
export const PANELS: Record<Question["kind"], ComponentType<PanelProps>> = {
  comparison: ComparisonPanel as ComponentType<PanelProps>,
  rating: RatingPanel as ComponentType<PanelProps>,
  ranking: RankingPanel as ComponentType<PanelProps>,
  choice: ChoicePanel as ComponentType<PanelProps>,
  comment: CommentPanel as ComponentType<PanelProps>,
  best_worst: BestWorstPanel as ComponentType<PanelProps>,
  highlight: UnsupportedPanel,
  rewrite: UnsupportedPanel,
};
