import { known } from "../charts/format";
import type { GlobalView } from "./types";

/** From this share on, with its whole interval, length decides much of a reward. */
export const MUCH = 0.25;
const HARDLY = 0.02;

/** Which way length moves the reward; `bent` where it matters but neither way wins, `none` where it hardly matters. */
export function lengthVerdict({
  shares,
  features,
}: GlobalView): "longer" | "shorter" | "bent" | "none" {
  const share = known(shares.length);
  if (!share || share.value < HARDLY) return "none";
  const moved = known(features.find((one) => one.name === "log characters")?.correlation);
  if (moved && (moved.low ?? moved.value) > 0) return "longer";
  return moved && (moved.high ?? moved.value) < 0 ? "shorter" : "bent";
}
