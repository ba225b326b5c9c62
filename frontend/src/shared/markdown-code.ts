import rehypeHighlight from "rehype-highlight";
import type { Rich } from "./rich";

export const rich: Rich = { remark: [], rehype: [[rehypeHighlight, { detect: false }]] };
