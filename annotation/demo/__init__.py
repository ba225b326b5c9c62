"""Demo prompts and outputs in English and Chinese, and the annotators that are simulated on them."""
