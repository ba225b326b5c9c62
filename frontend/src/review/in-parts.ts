import type { Batch } from "./use-review";

/**
 * Runs an action that the server does in parts until nothing is left, and tells how far it is after
 * each; returns how many it reached and the moment that names the whole action.
 */
export async function inParts(
  step: (at: string | null) => Promise<Batch>,
  onProgress: (left: number) => void,
): Promise<{ done: number; at: string }> {
  let batch = await step(null);
  const { at } = batch;
  let done = batch.done;
  while (batch.left > 0 && batch.done > 0) {
    onProgress(batch.left);
    batch = await step(at);
    done += batch.done;
  }
  return { done, at };
}
