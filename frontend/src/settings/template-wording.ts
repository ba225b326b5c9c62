/** The ready-made questions in Chinese, for projects that are made in a Chinese interface. */

import type { Template } from "../api/types";

type Wording = readonly [title: string, description: string];

const QUESTIONS: Record<string, Record<string, Wording>> = {
  "text-generation": {
    grammar: ["语法", "错别字、语病、标点。"],
    fluency: ["流畅性", "读起来像出自一位好作者之手吗？"],
    informativeness: ["信息量", "读者需要的内容都说到了吗？"],
  },
  dialogue: {
    coherence: ["连贯性", "回复是否承接上文？"],
    informativeness: ["信息量", "是否给出了对方想要的内容？"],
    satisfaction: ["满意度", "如果你是提问者，会对这个回复满意吗？"],
  },
  translation: {
    accuracy: ["准确性", "每个词和术语都译对了吗？"],
    fluency: ["流畅性", "读起来像用目标语言直接写成的吗？"],
    faithfulness: ["忠实性", "有没有遗漏，有没有增添？"],
  },
  summarisation: {
    consistency: ["一致性", "每一句话都有原文依据吗？"],
    relevance: ["相关性", "要点都在，而且只有要点吗？"],
    fluency: ["流畅性", "每个句子都写得好吗？"],
    coherence: ["连贯性", "句子之间能连成一篇文章吗？"],
  },
  "question-answering": {
    correctness: ["正确性", "说的是对的吗？"],
    completeness: ["完整性", "问题的每个部分都回答了吗？"],
    helpfulness: ["有用性", "提问者能照着做吗？"],
  },
  custom: { overall: ["哪个回答更好？", ""] },
};

const GUIDELINES: Record<string, string> = {
  "text-generation":
    "先读指令，再把每篇文本读到最后。每个标准单独判断：流畅的文本可能空洞，信息丰富的文本可能生硬。\n\n* **1** 不可用\n* **3** 可以接受，但有缺陷\n* **5** 无可改进",
  dialogue: "读完整段对话，以提问者的眼光判断最后一条回复。",
  translation: "逐句与原文对照。遗漏或增添影响忠实性，用词错误影响准确性，句子生硬影响流畅性。",
  summarisation: "先读原文。摘要可以省略细节，但不能说原文没有说的内容。",
  "question-answering": "能核实的都要核实。同样正确的答案，藏在长文里不如直接说出来有用。",
  custom: "",
};

/** The template in the interface's language; unknown templates stay as the server words them. */
export function worded(template: Template, language: string | undefined): Template {
  if (language !== "zh") return template;
  const wording = QUESTIONS[template.name];
  return {
    ...template,
    guidelines: GUIDELINES[template.name] ?? template.guidelines,
    questions: template.questions.map((question) => {
      const known = wording?.[question.name];
      return known ? { ...question, title: known[0], description: known[1] } : question;
    }),
  };
}
