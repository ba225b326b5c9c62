import type { DiffQuestion } from "./diff.worker";
import type { WordDiff } from "./word-diff";

const KEPT = 40;

let worker: Worker | null = null;
let numbers = 0;
const waiting = new Map<number, (diff: WordDiff | null) => void>();
const answers = new Map<string, Promise<WordDiff | null>>();

function theWorker(): Worker {
  if (worker) return worker;
  worker = new Worker(new URL("./diff.worker.ts", import.meta.url), { type: "module" });
  worker.addEventListener(
    "message",
    ({ data }: MessageEvent<{ number: number; diff: WordDiff | null }>) => {
      waiting.get(data.number)?.(data.diff);
      waiting.delete(data.number);
    },
  );
  return worker;
}

/** The differences of two texts, found beside the page; null where they are too long. The last ones are kept. */
export function askDiff(first: string, second: string, language = ""): Promise<WordDiff | null> {
  const key = JSON.stringify([language, first, second]);
  const known = answers.get(key);
  if (known) return known;
  const number = numbers++;
  const answer = new Promise<WordDiff | null>((resolve) => {
    waiting.set(number, resolve);
    theWorker().postMessage({ number, first, second, language } satisfies DiffQuestion);
  });
  answers.set(key, answer);
  const oldest = answers.keys().next();
  if (answers.size > KEPT && !oldest.done) answers.delete(oldest.value);
  return answer;
}
