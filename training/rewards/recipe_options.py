"""What each kind of reward model can be told, and how that is read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from training.rewards.features.space import GROUPS
from training.rewards.models import MODELS

# What is wrong with a value: in words, or by the path of each place within it.
Problem = str | Mapping[str, list[str]] | None
PACKAGED: Final = "minilm"  # the checkpoint that comes with the program
# Kinds that read texts as they are; they have features only where a linear model is their start.
TEXT_KINDS: Final = ("rules", "transformer")
MOST_PARTS: Final = 8


@dataclass(frozen=True, slots=True)
class Number:
    """A number between two bounds, or null where that means "chosen in training"."""

    default: float | int | None
    low: float
    high: float
    whole: bool = False

    def clean(self, value: Any) -> tuple[Any, str | None]:
        """The value as it is used and None, or what is wrong with it."""
        if value is None and self.default is None:
            return None, None
        kinds = (int,) if self.whole else (int, float)
        if isinstance(value, bool) or not isinstance(value, kinds) or not math.isfinite(value):
            return None, f"must be {'a whole number' if self.whole else 'a number'}"
        if not self.low <= value <= self.high:
            return None, f"must be from {self.low:g} to {self.high:g}"
        return value if self.whole else float(value), None


@dataclass(frozen=True, slots=True)
class Choice:
    """One of some words."""

    default: str
    words: tuple[str, ...]

    def clean(self, value: Any) -> tuple[Any, str | None]:
        """The value as it is used and None, or what is wrong with it."""
        if isinstance(value, str) and value in self.words:
            return value, None
        return None, f"must be one of: {', '.join(self.words)}"


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    default: bool

    def clean(self, value: Any) -> tuple[Any, str | None]:
        """The value as it is used and None, or what is wrong with it."""
        return (value, None) if isinstance(value, bool) else (None, "must be true or false")


@dataclass(frozen=True, slots=True)
class Text:
    """A short text without line breaks."""

    default: str
    longest: int = 200

    def clean(self, value: Any) -> tuple[Any, str | None]:
        """The value as it is used and None, or what is wrong with it."""
        if isinstance(value, str) and 0 < len(value) <= self.longest and value.isprintable():
            return value, None
        return None, f"must be a text of 1 to {self.longest} characters on one line"


@dataclass(frozen=True, slots=True)
class Rules:
    """Declared checks in their flat form (`training.rewards.models.rules`)."""

    default: None = None

    def clean(self, value: Any) -> tuple[Any, Problem]:
        """The value as it is used and None, or what is wrong with it."""
        from training.rewards.models.rules import RuleError, rules_clean

        try:
            return [rule.wire() for rule in rules_clean(value)], None
        except RuleError as error:
            return None, error.fields


@dataclass(frozen=True, slots=True)
class Parts:
    """Models of a weighted sum: ``{"weight", "model": {"kind", ...}}`` each."""

    default: None = None

    def clean(self, value: Any) -> tuple[Any, Problem]:
        """The value as it is used and None, or what is wrong with it."""
        if not isinstance(value, list | tuple) or not 0 < len(value) <= MOST_PARTS:
            return None, f"must be a list of 1 to {MOST_PARTS} parts"
        parts: list[dict[str, Any]] = []
        problems: dict[str, list[str]] = {}
        for place, raw in enumerate(value):
            weight, problem = (
                Number(1.0, -1e3, 1e3).clean(raw.get("weight", 1.0))
                if isinstance(raw, Mapping) and not raw.keys() - {"weight", "model"}
                else (None, "must be an object with weight and model")
            )
            errors: dict[str, list[str]] = {} if problem is None else {"weight": [problem]}
            model = raw.get("model") if isinstance(raw, Mapping) else None
            if isinstance(model, Mapping) and model.get("kind") == "composite":
                errors["model.kind"] = ["a sum cannot be a part of a sum"]
                model = None
            kind, features, options = model_clean(model, errors)
            problems |= {f"parts.{place}.{path}": texts for path, texts in errors.items()}
            parts.append({"weight": weight, "model": {"kind": kind, "features": features, **options}})
        return (None, problems) if problems else (parts, None)


Rule = Number | Choice | Flag | Text | Rules | Parts
LINEAR: Final[Mapping[str, Rule]] = {
    "ties": Choice("davidson", ("davidson", "half")),
    "rankings": Choice("pairs", ("pairs", "plackett_luce")),
    "strengths": Choice("auto", ("auto", "ignore", "scale", "margin", "ordinal")),
    "annotators": Choice("auto", ("auto", "off")),
    "l2": Number(None, 1e-3, 1e6),
    "numbers": Number(None, 1e-4, 1e4),
}
ADAM: Final = {"learning_rate": 0.01, "epochs": 10, "batch_size": 32}  # where a recipe asks for Adam
OPTIONS: Final[Mapping[str, Mapping[str, Rule]]] = {
    "linear": {
        **LINEAR,
        "loss": Choice("preference", ("preference", "squared")),
        "optimizer": Choice("newton", ("newton", "adam")),
        "learning_rate": Number(None, 1e-6, 1.0),
        "epochs": Number(None, 1, 10_000, whole=True),
        "batch_size": Number(None, 1, 65536, whole=True),
        "criteria": Choice("together", ("together", "heads")),
    },
    "ensemble": {
        **LINEAR,
        "heads": Number(5, 2, 32, whole=True),
        "hidden": Number(64, 4, 1024, whole=True),
        "layers": Number(2, 1, 4, whole=True),
        "dropout": Number(0.3, 0.0, 0.9),
        "learning_rate": Number(1e-3, 1e-6, 1.0),
        "weight_decay": Number(1e-2, 0.0, 10.0),
        "epochs": Number(40, 1, 1000, whole=True),
        "patience": Number(3, 1, 1000, whole=True),
        "batch_size": Number(512, 1, 65536, whole=True),
    },
    "rules": {"rules": Rules(), "weights": Choice("given", ("given", "fitted"))},
    "composite": {"parts": Parts(), "weights": Choice("given", ("given", "fitted"))},
    "transformer": {
        "checkpoint": Text(PACKAGED),
        "adaptation": Choice("full", ("full", "lora")),
        "lora_rank": Number(16, 1, 512, whole=True),
        "start": Choice("none", ("none", "linear", "ratings")),
        "strengths": Choice("scale", ("scale", "ignore")),
        "epochs": Number(3, 1, 100, whole=True),
        "learning_rate": Number(5e-5, 1e-7, 1.0),
        "weight_decay": Number(1e-2, 0.0, 10.0),
        "batch_size": Number(16, 2, 4096, whole=True),
        "accumulate": Number(1, 1, 1024, whole=True),
        "max_tokens": Number(256, 16, 32768, whole=True),
        "patience": Number(2, 1, 1000, whole=True),
        "centering": Number(0.01, 0.0, 10.0),
        "learn_words": Flag(False),
        "precision": Choice("auto", ("auto", "float32", "bfloat16")),
        "gradient_checkpointing": Flag(False),
    },
}


def read_object(
    raw: object, name: str, allowed: tuple[str, ...], errors: dict[str, list[str]], prefix: str
) -> Mapping[str, Any]:
    """``raw`` as an object of known keys; each unknown key is an error of its own."""
    if not isinstance(raw, Mapping):
        errors[name] = ["must be an object"]
        return {}
    for key in raw:
        if key not in allowed:
            errors[f"{prefix}{key}"] = [f"unknown; known here: {', '.join(allowed)}"]
    return raw


def model_clean(raw: object, errors: dict[str, list[str]]) -> tuple[str, dict[str, bool], dict[str, Any]]:
    """Kind, groups of features and options of a model; what is wrong is added to `errors` by its path."""
    kinds = ", ".join(MODELS)
    if not isinstance(raw, Mapping):
        errors["model"] = [f"must be an object with a kind: {kinds}"]
        return "", {}, {}
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in OPTIONS:
        errors["model.kind"] = [f"must be one of: {kinds}"]
        return "", {}, {}
    known = OPTIONS[kind]
    body = read_object(raw, "model", ("kind", "features", *known), errors, prefix="model.")
    reads_features = kind not in (*TEXT_KINDS, "composite") or body.get("start") == "linear"
    features = dict.fromkeys(GROUPS, reads_features)
    switches = read_object(
        body.get("features", {}), "model.features", GROUPS, errors, prefix="model.features."
    )
    for group, value in switches.items():
        if group in features and not isinstance(value, bool):
            errors[f"model.features.{group}"] = ["must be true or false"]
        elif group in features:
            features[group] = value
    if "minilm" not in switches:
        features["minilm"] = features["encoder"]  # who turns frozen encoders off has both in mind
    if reads_features and not any(features.values()):
        errors["model.features"] = ["at least one group must be on"]
    options: dict[str, Any] = {}
    problem: Problem
    for name, rule in known.items():
        options[name], problem = rule.clean(body.get(name, rule.default))
        if isinstance(problem, Mapping):
            errors |= {f"model.{path}": texts for path, texts in problem.items()}
        elif problem is not None:
            errors[f"model.{name}"] = [problem]
    if kind == "linear":
        linear_clean(options, errors)
    if kind == "composite" and options["parts"]:
        read = [part["model"]["features"] for part in options["parts"]]
        features = {group: any(part[group] for part in read) for group in GROUPS}
    return kind, features, options


def linear_clean(options: dict[str, Any], errors: dict[str, list[str]]) -> None:
    """Fills in Adam's settings and refuses what the chosen optimizer and loss have no use for."""
    adam = options["optimizer"] == "adam"
    for name, default in ADAM.items():
        if adam and options[name] is None and f"model.{name}" not in errors:
            options[name] = default
        elif not adam and options[name] is not None:
            errors[f"model.{name}"] = ["only with optimizer adam: newton goes on until the gradient is small"]
    for name in ("l2", "numbers"):
        if adam and options[name] is not None:
            errors[f"model.{name}"] = ["only with optimizer newton: adam holds no weight back"]
    if options["criteria"] == "heads":
        if adam:
            errors["model.optimizer"] = ["with criteria heads each criterion is a ridge regression: newton"]
        if options["loss"] == "squared":
            errors["model.loss"] = ["with criteria heads each criterion is a squared error already"]
    for name in ("ties", "rankings", "strengths"):
        if options["loss"] == "squared" and options[name] not in (LINEAR[name].default, None):
            errors[f"model.{name}"] = ["only with loss preference: a squared error reads ratings alone"]
