import { lazy } from "react";
import { kind } from "../kind";
import { RankingOptions } from "./RankingOptions";

// Dragging is a library of its own, which only rankings need.
const RankingPanel = lazy(async () => ({
  default: (await import("./RankingPanel")).RankingPanel,
}));

export default kind<"ranking">({
  name: "ranking",
  order: 30,
  Panel: RankingPanel,
  Options: RankingOptions,
  defaults: { ties: true },
  isAnswer: (value) => Array.isArray(value.tiers) && value.tiers.every(Array.isArray),
  saysSomething: ({ tiers }) => tiers.flat().length > 1,
  words: ({ tiers }, { nameOf }) => tiers.map((tier) => tier.map(nameOf).join(" = ")).join(" > "),
  tolerance: () => [
    { name: "pairs", type: "count", most: 10_000 },
    { name: "best", type: "flag" },
  ],
});
