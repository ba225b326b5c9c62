import { wordDiff } from "./word-diff";

export interface DiffQuestion {
  number: number;
  first: string;
  second: string;
  language: string;
}

const scope = self as unknown as Pick<Worker, "postMessage" | "addEventListener">;

scope.addEventListener("message", ({ data }: MessageEvent<DiffQuestion>) => {
  scope.postMessage({
    number: data.number,
    diff: wordDiff(data.first, data.second, data.language),
  });
});
