"""What a training run is asked to do: the body of ``POST training-runs``, checked and named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, Literal, cast

from training.rewards.data import AnnotatorKind
from training.rewards.recipe_options import Number, model_clean, read_object

Scheme = Literal["holdout", "cross-validation"]
ANNOTATOR_KINDS: Final = ("human", "model", "simulated", "adjudicated")
MOST_FOLDS: Final = 50
MOST_QUESTIONS: Final = 100


class RecipeError(ValueError):
    """A recipe that cannot be run; ``fields`` maps a path such as ``model.kind`` to its messages."""

    def __init__(self, fields: Mapping[str, list[str]]) -> None:
        self.fields = dict(fields)
        super().__init__("; ".join(f"{path}: {' '.join(texts)}" for path, texts in self.fields.items()))


@dataclass(frozen=True, slots=True)
class Recipe:
    """A model kind with its options, the data it is fitted on, how it is judged, and the fit's seed.

    ``questions`` None means all; ``options`` holds the kind's own settings, each given or defaulted.
    """

    kind: str
    features: Mapping[str, bool]
    options: Mapping[str, Any]
    questions: tuple[str, ...] | None = None
    annotator_kinds: tuple[AnnotatorKind, ...] = ("human",)
    since: str | None = None
    scheme: Scheme = "holdout"
    test_fraction: float = 0.2
    folds: int | Literal["groups"] = 5
    seed: int = 0


def recipe_clean(raw: object) -> Recipe:
    """The recipe of a request's body; what is left out has its default.

    ``recipe_clean({"model": {"kind": "linear"}})`` is the linear model on human labels, a fifth held
    out. Raises RecipeError naming every wrong field.
    """
    errors: dict[str, list[str]] = {}
    body = read_object(raw, "recipe", ("model", "data", "evaluation", "seed"), errors, prefix="")
    if not isinstance(raw, Mapping):
        raise RecipeError(errors)
    kind, features, options = model_clean(body.get("model"), errors)
    questions, kinds, since = _data(body.get("data", {}), errors)
    scheme, fraction, folds = _evaluation(body.get("evaluation", {}), errors)
    seed = body.get("seed", 0)
    if isinstance(seed, bool) or not isinstance(seed, int) or not 0 <= seed < 2**32:
        errors["seed"] = ["must be a whole number from 0 to 4294967295"]
        seed = 0
    if errors:
        raise RecipeError(errors)
    return Recipe(kind, features, options, questions, kinds, since, scheme, fraction, folds, seed)


def recipe_wire(recipe: Recipe) -> dict[str, Any]:
    """The body that gives this recipe, with every default written out."""
    evaluation: dict[str, Any] = {"scheme": recipe.scheme}
    if recipe.scheme == "holdout":
        evaluation["test_fraction"] = recipe.test_fraction
    else:
        evaluation["folds"] = recipe.folds
    return {
        "model": {"kind": recipe.kind, "features": dict(recipe.features), **recipe.options},
        "data": {
            "questions": None if recipe.questions is None else list(recipe.questions),
            "annotator_kinds": list(recipe.annotator_kinds),
            "since": recipe.since,
        },
        "evaluation": evaluation,
        "seed": recipe.seed,
    }


def recipe_digest(recipe: Recipe) -> str:
    """SHA-256 of what makes two runs the same recipe: the model and the data asked for.

    How many labels there are, how the model is judged, and the seed play no part.
    """
    wire = recipe_wire(recipe)
    data = dict(wire["data"])
    data["annotator_kinds"] = sorted(data["annotator_kinds"])
    data["questions"] = None if data["questions"] is None else sorted(data["questions"])
    text = json.dumps({"model": wire["model"], "data": data}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _data(
    raw: object, errors: dict[str, list[str]]
) -> tuple[tuple[str, ...] | None, tuple[AnnotatorKind, ...], str | None]:
    body = read_object(raw, "data", ("questions", "annotator_kinds", "since"), errors, prefix="data.")
    questions = body.get("questions")
    if questions is not None and (
        not isinstance(questions, list | tuple)
        or not 0 < len(questions) <= MOST_QUESTIONS
        or not all(isinstance(name, str) and name for name in questions)
    ):
        errors["data.questions"] = ["must be a list of question names, or null for all"]
        questions = None
    kinds = body.get("annotator_kinds", ("human",))
    if not isinstance(kinds, list | tuple) or not kinds or any(kind not in ANNOTATOR_KINDS for kind in kinds):
        errors["data.annotator_kinds"] = [f"must be a list of: {', '.join(ANNOTATOR_KINDS)}"]
        kinds = ("human",)
    since = body.get("since")
    if since is not None and not _is_time(since):
        errors["data.since"] = ["must be an ISO 8601 date or time, or null"]
        since = None
    chosen = cast("tuple[AnnotatorKind, ...]", tuple(dict.fromkeys(kinds)))
    return None if questions is None else tuple(dict.fromkeys(questions)), chosen, since


def _is_time(value: object) -> bool:
    """Whether a text is an ISO 8601 date or time."""
    if not isinstance(value, str):
        return False
    for read in (date.fromisoformat, datetime.fromisoformat):
        try:
            read(value)
        except ValueError:
            continue
        return True
    return False


def _evaluation(raw: object, errors: dict[str, list[str]]) -> tuple[Scheme, float, int | Literal["groups"]]:
    body = read_object(raw, "evaluation", ("scheme", "test_fraction", "folds"), errors, prefix="evaluation.")
    scheme = body.get("scheme", "holdout")
    if scheme not in ("holdout", "cross-validation"):
        errors["evaluation.scheme"] = ["must be one of: holdout, cross-validation"]
        scheme = "holdout"
    fraction, problem = Number(0.2, 0.05, 0.5).clean(body.get("test_fraction", 0.2))
    if problem is not None:
        errors["evaluation.test_fraction"] = [problem]
        fraction = 0.2
    folds = body.get("folds", 5)
    if folds != "groups":
        folds, problem = Number(5, 2, MOST_FOLDS, whole=True).clean(folds)
        if problem is not None:
            errors["evaluation.folds"] = [f'{problem}, or "groups"']
            folds = 5
    return cast("Scheme", scheme), fraction, folds
