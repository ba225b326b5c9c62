"""What people say of model outputs: projects, prompts, judgments, agreement. Knows nothing of training."""
