import { lazy } from "react";
import { kind } from "../kind";

const RewritePanel = lazy(async () => ({ default: (await import("./RewritePanel")).RewritePanel }));

export default kind<"rewrite">({
  name: "rewrite",
  order: 70,
  Panel: RewritePanel,
  defaults: {},
  isAnswer: (value) => typeof value.text === "string" && typeof value.completion === "string",
  saysSomething: ({ text }) => text.trim() !== "",
  words: ({ completion, text }, { nameOf }) => `${nameOf(completion)}: ${text}`,
});
