"""The reward-model library: a plain Python package that knows nothing of Django."""
