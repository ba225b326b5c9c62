import { lazy } from "react";
import { kind } from "../kind";
import { HighlightOptions } from "./HighlightOptions";

const HighlightPanel = lazy(async () => ({
  default: (await import("./HighlightPanel")).HighlightPanel,
}));

export default kind<"highlight">({
  name: "highlight",
  order: 60,
  Panel: HighlightPanel,
  Options: HighlightOptions,
  defaults: { labels: [] },
  isAnswer: (value) => Array.isArray(value.spans),
  // That there is nothing to mark is an answer too; a panel that nobody touched gives none.
  saysSomething: () => true,
  words: ({ spans }, { t }) => t("answer", { count: spans.length }),
  tolerance: () => [
    { name: "f1", type: "share" },
    { name: "labels", type: "flag" },
  ],
});
