import "katex/dist/katex.min.css";
import rehypeKatex from "rehype-katex";
import remarkMath from "remark-math";
import type { Rich } from "./rich";

export const rich: Rich = {
  remark: [[remarkMath, { singleDollarTextMath: false }]],
  // No \href and no \includegraphics (trust), and no rule of a kilometre (maxSize).
  rehype: [[rehypeKatex, { trust: false, maxSize: 20, maxExpand: 500, strict: "ignore" }]],
};
