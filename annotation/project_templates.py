"""Ready-made sets of questions and guidelines, one for each usual task."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

SCALE = {"min": 1, "max": 5}


@dataclass(frozen=True)
class ProjectTemplate:
    """What a new project asks when its maker names a task and nothing else."""

    name: str
    title: str
    description: str
    guidelines: str
    questions: tuple[dict[str, Any], ...]


def criterion(name: str, title: str, description: str) -> dict[str, Any]:
    """A rating question on the usual five-step scale."""
    return {
        "name": name,
        "kind": "rating",
        "title": title,
        "description": description,
        "required": True,
        **SCALE,
    }


TEMPLATES = {
    template.name: template
    for template in (
        ProjectTemplate(
            "text-generation",
            "Text generation",
            "Texts written to an instruction: articles, letters, stories.",
            "Read the instruction first, then every text to its end. Judge each criterion by itself: a fluent "
            "text can be empty, and an informative one can be clumsy.\n\n"
            "* **1** unusable\n* **3** acceptable with flaws\n* **5** nothing to improve",
            (
                criterion("grammar", "Grammar", "Spelling, agreement, punctuation."),
                criterion("fluency", "Fluency", "Does it read as if a good writer wrote it?"),
                criterion(
                    "informativeness", "Informativeness", "Does it say what the reader needs, and no less?"
                ),
            ),
        ),
        ProjectTemplate(
            "dialogue",
            "Dialogue",
            "Replies in a conversation.",
            "Read the whole conversation. Judge the last reply as the person who asked would.",
            (
                criterion("coherence", "Coherence", "Does the reply follow from what was said before?"),
                criterion("informativeness", "Informativeness", "Does it bring what was asked for?"),
                criterion("satisfaction", "Satisfaction", "Would you be content with this reply?"),
            ),
        ),
        ProjectTemplate(
            "translation",
            "Translation",
            "The same text in another language.",
            "Compare with the source sentence by sentence. What is missing or added is a flaw of faithfulness, "
            "a wrong word one of accuracy, a clumsy sentence one of fluency.",
            (
                criterion("accuracy", "Accuracy", "Is each word and term rendered rightly?"),
                criterion("fluency", "Fluency", "Does it read as if written in the target language?"),
                criterion("faithfulness", "Faithfulness", "Is everything there, and nothing added?"),
            ),
        ),
        ProjectTemplate(
            "summarisation",
            "Summarisation",
            "A shorter text that keeps what matters.",
            "Read the source first. A summary may leave out details, but it may not say what the source does not.",
            (
                criterion("consistency", "Consistency", "Does the source support every statement?"),
                criterion("relevance", "Relevance", "Are the important points there, and only those?"),
                criterion("fluency", "Fluency", "Is each sentence well written?"),
                criterion("coherence", "Coherence", "Do the sentences make one text?"),
            ),
        ),
        ProjectTemplate(
            "question-answering",
            "Question answering",
            "Answers to questions of fact or advice.",
            "Check what can be checked. A right answer that is hard to find in a long text is less helpful than "
            "the same answer said plainly.",
            (
                criterion("correctness", "Correctness", "Is what it says true?"),
                criterion("completeness", "Completeness", "Does it answer all of the question?"),
                criterion("helpfulness", "Helpfulness", "Can the asker act on it?"),
            ),
        ),
        ProjectTemplate(
            "custom",
            "Custom",
            "Ask what you like.",
            "",
            (
                {
                    "name": "overall",
                    "kind": "comparison",
                    "title": "Which answer is better?",
                    "description": "",
                    "required": True,
                    "strengths": 3,
                    "ties": True,
                    "both_bad": True,
                },
            ),
        ),
    )
}
