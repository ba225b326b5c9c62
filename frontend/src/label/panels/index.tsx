import { type ComponentType, lazy } from "react";
import type { Question } from "../../api/types";
import { BestWorstPanel } from "./BestWorstPanel";
import { ChoicePanel } from "./ChoicePanel";
import { CommentPanel } from "./CommentPanel";
import { ComparisonPanel } from "./ComparisonPanel";
import { RatingPanel } from "./RatingPanel";
import type { PanelProps } from "./types";
import { UnsupportedPanel } from "./UnsupportedPanel";

// Dragging is a library of its own, which only rankings need.
const RankingPanel = lazy(async () => ({
  default: (await import("./RankingPanel")).RankingPanel as ComponentType<PanelProps>,
}));

/** The panel of each kind of question. A panel only ever gets questions of its own kind. */
export const PANELS: Record<Question["kind"], ComponentType<PanelProps>> = {
  comparison: ComparisonPanel as ComponentType<PanelProps>,
  rating: RatingPanel as ComponentType<PanelProps>,
  ranking: RankingPanel,
  choice: ChoicePanel as ComponentType<PanelProps>,
  comment: CommentPanel as ComponentType<PanelProps>,
  best_worst: BestWorstPanel as ComponentType<PanelProps>,
  highlight: UnsupportedPanel,
  rewrite: UnsupportedPanel,
};
