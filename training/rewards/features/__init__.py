"""What a reward model sees of a completion: style, n-grams, encoder and given numbers, by switchable group."""
