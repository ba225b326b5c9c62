import rehypeHighlight from "rehype-highlight";
import type { Rich } from "./Markdown";

export const rich: Rich = { remark: [], rehype: [[rehypeHighlight, { detect: false }]] };
