import type { Message, PromptDetail, Reward, RewardAnswer } from "../api/types";
import { padded, type TextLanguage } from "./padding";

export interface Output {
  key: number;
  text: string;
  /** The text before padding, while it is padded. */
  original: string | null;
}

export interface Draft {
  messages: Message[];
  outputs: Output[];
}

/** A scored output: its reward, and that of the text before padding. */
export interface Scored {
  key: number;
  text: string;
  reward: Reward;
  before: Reward | null;
}

export interface Scores {
  model: RewardAnswer["model"];
  messages: Message[];
  outputs: Scored[];
}

let lastKey = 0;
export const newOutput = (text = ""): Output => {
  lastKey += 1;
  return { key: lastKey, text, original: null };
};

export const emptyDraft = (): Draft => ({
  messages: [{ role: "user", content: "" }],
  outputs: [newOutput(), newOutput()],
});

export const draftOf = (prompt: PromptDetail): Draft => ({
  messages: prompt.messages,
  outputs: prompt.completions.slice(0, 4).map((completion) => newOutput(completion.text)),
});

/** The draft with one output padded, or taken back to what it was. */
export function togglePadding(draft: Draft, key: number, fallback: TextLanguage): Draft {
  return {
    ...draft,
    outputs: draft.outputs.map((output) => {
      if (output.key !== key) return output;
      return output.original === null
        ? { ...output, original: output.text, text: padded(output.text, fallback) }
        : { ...output, original: null, text: output.original };
    }),
  };
}

/** What to ask the server: each output, and behind it what it was before padding. */
export function requestItems(draft: Draft): { messages: Message[]; completion: string }[] {
  return draft.outputs.flatMap(({ text, original }) =>
    [text, ...(original === null ? [] : [original])].map((completion) => ({
      messages: draft.messages,
      completion,
    })),
  );
}

/** The answer to `requestItems(draft)`, output by output. */
export function scoresOf(draft: Draft, answer: RewardAnswer): Scores {
  let place = 0;
  const next = (): Reward => {
    const reward = answer.rewards[place];
    if (!reward) throw new Error("the answer has fewer rewards than there were items");
    place += 1;
    return reward;
  };
  return {
    model: answer.model,
    messages: draft.messages,
    outputs: draft.outputs.map(({ key, text, original }) => ({
      key,
      text,
      reward: next(),
      before: original === null ? null : next(),
    })),
  };
}
