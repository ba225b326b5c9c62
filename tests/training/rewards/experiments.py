"""Small datasets with a rule that a model can learn, for tests of whole fits."""

from __future__ import annotations

import numpy as np

from training.rewards.data import Completion, Dataset, Message, Preference, Prompt, Rating, Verdict

WORDS = ("river", "stone", "cloud", "paper", "light", "winter", "garden", "engine", "music", "letter")


def politeness(prompts: int = 60, *, kind: str = "comparison", noise: float = 0.1, seed: int = 0) -> Dataset:
    """Three outputs each, of which those that say "please" are liked; judged by pairs, scores or verdicts."""
    rng = np.random.default_rng(seed)
    made, preferences, ratings, verdicts = [], [], [], []
    for number in range(prompts):
        completions = []
        for place in range(3):
            words = list(rng.choice(WORDS, size=int(rng.integers(4, 9))))
            polite = place == number % 3
            text = " ".join([*words, "please"] if polite else words).capitalize() + "."
            completions.append(Completion(f"c{place}", text, f"model-{place}", (float(place),)))
        made.append(
            Prompt(
                f"p{number}",
                (Message("user", f"Write about {WORDS[number % 10]}"),),
                tuple(completions),
                f"g{number}",
            )
        )
        liked = number % 3 if rng.random() >= noise else (number + 1) % 3
        others = tuple(place for place in range(3) if place != liked)
        who = ("ann", "human")
        if kind == "comparison":
            preferences += [
                Preference(f"{number}-{place}", number, *who, "overall", "comparison", ((liked,), (place,)))
                for place in others
            ]
        elif kind == "ranking":
            preferences.append(
                Preference(f"{number}", number, *who, "overall", "ranking", ((liked,), others))
            )
        for place in range(3):
            if kind == "rating":
                ratings.append(
                    Rating(
                        f"{number}-{place}",
                        number,
                        place,
                        *who,
                        "quality",
                        5.0 if place == liked else 2.0,
                        1,
                        5,
                    )
                )
            elif kind == "verdict":
                verdicts.append(
                    Verdict(f"{number}-{place}", number, place, *who, "acceptable", place == liked)
                )
    return Dataset(tuple(made), tuple(preferences), tuple(ratings), tuple(verdicts))
