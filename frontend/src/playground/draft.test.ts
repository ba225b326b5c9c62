import { describe, expect, it } from "vitest";
import type { RewardAnswer } from "../api/types";
import { type Draft, newOutput, requestItems, scoresOf, togglePadding } from "./draft";

const draft: Draft = {
  messages: [{ role: "user", content: "How long?" }],
  outputs: [newOutput("Eight minutes."), newOutput("No idea.")],
};
const first = draft.outputs[0]?.key ?? 0;

const answer = (...rewards: number[]): RewardAnswer => ({
  model: { id: "1", version: 1, kind: "linear", log_odds_per_reward: 1 },
  rewards: rewards.map((reward) => ({ reward, std: null, criteria: {}, explanation: null })),
});

describe("padding in the playground", () => {
  it("asks for the padded output and for what it was before", () => {
    const changed = togglePadding(draft, first, "en");
    expect(requestItems(changed).map(({ completion }) => completion.length > 20)).toEqual([
      true,
      false,
      false,
    ]);
    const scores = scoresOf(changed, answer(2, 1, -1));
    expect(scores.outputs.map(({ reward }) => reward.reward)).toEqual([2, -1]);
    expect(scores.outputs.map(({ before }) => before?.reward)).toEqual([1, undefined]);
  });

  it("is taken back by a second press", () => {
    expect(togglePadding(togglePadding(draft, first, "en"), first, "en")).toEqual(draft);
  });
});
