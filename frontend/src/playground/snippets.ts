/** The ten lines that make the project's model a reward function of TRL's GRPO trainer. */
export const trlSnippet = (url: string) => `import requests

URL = "${url}"

def plaudit_reward(prompts, completions, **kwargs):
    texts = [c if isinstance(c, str) else c[-1]["content"] for c in completions]
    queries = [p + t if isinstance(p, str) else t for p, t in zip(prompts, texts)]
    answer = requests.post(URL, json={"query": queries, "prompts": prompts}, timeout=180)
    answer.raise_for_status()
    return answer.json()["rewards"]

# trainer = GRPOTrainer(model=..., reward_funcs=plaudit_reward, train_dataset=..., args=...)
`;

export const openrlhfSnippet = (url: string) => `--remote_rm_url ${url}`;
