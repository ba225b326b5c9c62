import { kind } from "../kind";
import { CommentPanel } from "./CommentPanel";

export default kind<"comment">({
  name: "comment",
  order: 80,
  Panel: CommentPanel,
  defaults: {},
  isOptional: true,
  isAnswer: (value) => typeof value.text === "string" && !("completion" in value),
  saysSomething: ({ text }) => text.trim() !== "",
  words: ({ text }) => text,
});
