"""Habits that have nothing to do with the outputs: position, length, hurry and drift, with readings as codes.

Readings of annotators allow for as many looks as there are annotators (Bonferroni), so that a crowd of ordinary
people brings no crowd of alarms; the intervals beside them are the plain 95 % ones.

Agreement here is the share of the other answers on the same unit that equal one's own, averaged over a judgment's
units; it needs no model and no known answer. Readings are codes with values: the words are the interface's.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import special

from annotation.agreement.annotators import annotator_figures, shares_with_others
from annotation.agreement.intervals import share_intervals
from annotation.agreement.rows import JudgmentRow, Judgments, Ratings, read_judgments, read_ratings
from annotation.annotators.base import Z95, Floats, Integers, normal_interval
from annotation.questions import Question

LEAST = 30  # judgments before a habit is read
MARGIN = 0.05  # differences of agreement that matter
RATE_MARGIN = 0.05
BINS = 6

Entry = dict[str, Any]


def bias_report(rows: Sequence[JudgmentRow], questions: Sequence[Question]) -> Entry:
    """Return the habits of each annotator and of all together.

    first_position and longer are rates; hurry is the agreement of one's quickest third minus that of one's slowest;
    drift is the change of agreement from one's first judgment to one's last, by a straight line. Each has value,
    interval, n and a reading; `values` are what the reading's sentence quotes.
    """
    judgments = read_judgments(rows)
    found = [ratings for question in questions if (ratings := read_ratings(judgments, question)) is not None]
    share = judgment_agreement(judgments, found)
    figures = annotator_figures(judgments, found)
    place, speed = _progress(judgments), _speed(judgments)
    rates = {
        name: _project_rate(figures, f"{name}_rate", f"{name}_n") for name in ("first_position", "longer")
    }
    annotators = []
    looks = max(len(figures), 1)
    longer = [one["longer_rate"] for one in figures if one["longer_n"] >= LEAST]
    usual_longer = float(np.median(longer)) if longer else None
    for index, one in enumerate(figures):
        own = judgments.annotator == index
        annotators.append(
            {
                "name": one["name"],
                "kind": one["kind"],
                "judgments": one["judgments"],
                "first_position": _rate(
                    one, "first_position", 0.5, ("last_choosing", "first_choosing"), looks
                ),
                "longer": _rate(one, "longer", usual_longer, ("shorter_choosing", "longer_choosing"), looks),
                "hurry": hurry(share[own], speed[own], looks=looks),
                "drift": drift(share[own], place[own], looks=looks),
            }
        )
    centred = share - _own_mean(judgments, share)
    everybody = {
        "first_position": _read_rate(rates["first_position"], 0.5, ("last_preferred", "first_preferred")),
        "longer": _read_rate(rates["longer"], 0.5, ("shorter_preferred", "longer_preferred")),
        "hurry": hurry(share, speed),
        "drift": drift(centred, place, level=float(np.nanmean(share)) if np.isfinite(share).any() else 0.0),
    }
    return {"judgments": len(judgments.rows), "project": everybody, "annotators": annotators}


def judgment_agreement(judgments: Judgments, questions: Sequence[Ratings]) -> Floats:
    """Return each judgment's agreement with the others, over the units of all questions: (rows,); NaN without."""
    count = len(judgments.rows)
    total, number = np.zeros(count), np.zeros(count)
    for ratings in questions:
        shared, share = shares_with_others(ratings)
        total += np.bincount(ratings.row[shared], share, minlength=count)
        number += np.bincount(ratings.row[shared], minlength=count)
    return np.asarray(np.divide(total, number, out=np.full(count, np.nan), where=number > 0))


def agreement_figure(ratings: Ratings) -> Entry | None:
    """Return how often two different people answer a unit alike, averaged over units; None without shared units."""
    shared, share = shares_with_others(ratings)
    unit = ratings.unit[shared]
    number = np.bincount(unit)
    if not len(shared):
        return None
    means = np.bincount(unit, share)[number > 0] / number[number > 0]
    value = float(means.mean())
    error = float(means.std(ddof=1) / np.sqrt(len(means))) if len(means) > 1 else 0.5
    return _figure(value, normal_interval(value, error), len(means))


def hurry(share: Floats, speed: Floats, *, looks: int = 1) -> Entry:
    """Compare the agreement of the quickest third (speed <= 1/3) with that of the slowest (> 2/3)."""
    known = ~np.isnan(share) & ~np.isnan(speed)
    share, speed = share[known], speed[known]
    quick, slow = share[speed <= 1 / 3], share[speed > 2 / 3]
    n = len(quick) + len(slow)
    if len(share) < LEAST or min(len(quick), len(slow)) < 2:
        return _too_few(len(share))
    value = float(quick.mean() - slow.mean())
    error = float(np.sqrt(quick.var(ddof=1) / len(quick) + slow.var(ddof=1) / len(slow)))
    entry = _figure(value, normal_interval(value, error), n)
    values = {"quick": float(quick.mean()), "slow": float(slow.mean())}
    return _reading(entry, ("hurried", "slow_differs"), values, looks=looks)


def drift(share: Floats, place: Floats, *, level: float = 0.0, looks: int = 1) -> Entry:
    """Fit a straight line to agreement over one's own course (place 0..1), with an error robust to its variance.

    `level` is added to the values that are shown, for shares given as distances from a mean.
    """
    known = ~np.isnan(share) & ~np.isnan(place)
    share, place = share[known], place[known]
    if len(share) < LEAST or np.ptp(place) == 0:
        return _too_few(len(share))
    x = place - place.mean()
    squares = float(x @ x)
    slope = float(x @ share) / squares
    rest = share - share.mean() - slope * x
    error = float(np.sqrt((x**2) @ (rest**2))) / squares
    middle = float(share.mean() + level)
    entry = _figure(slope, normal_interval(slope, error), len(share))
    ends = {"early": middle - slope * place.mean(), "late": middle + slope * (1 - place.mean())}
    entry["course"] = _course(share + level, place)
    values = {key: float(np.clip(end, 0, 1)) for key, end in ends.items()}
    return _reading(entry, ("declining", "improving"), values, looks=looks)


def _course(share: Floats, place: Floats) -> list[Entry]:
    """Mean agreement in equal parts of the course."""
    part = np.minimum((place * BINS).astype(np.int64), BINS - 1)
    points = []
    for index in range(BINS):
        own = share[part == index]
        if not len(own):
            continue
        value = float(own.mean())
        error = float(own.std(ddof=1) / np.sqrt(len(own))) if len(own) > 1 else None
        low, high = (None, None) if error is None else normal_interval(value, error)
        points.append({"at": (index + 0.5) / BINS, "value": value, "low": low, "high": high, "n": len(own)})
    return points


def _figure(value: float, interval: tuple[float, float], n: int) -> Entry:
    return {"value": value, "interval": list(interval), "n": n}


def _too_few(n: int) -> Entry:
    return {
        "value": None,
        "interval": None,
        "n": n,
        "reading": "not_enough",
        "values": {"n": n, "needed": LEAST},
    }


def _reading(
    entry: Entry, below_above: tuple[str, str], values: Entry, *, margin: float = MARGIN, looks: int = 1
) -> Entry:
    """Name the side on which the whole interval lies, if the value is beyond the margin; else `none`.

    With several looks the interval is stretched as far as a normal distribution's would be.
    """
    stretch = float(special.ndtri(1 - 0.025 / looks)) / Z95
    low, high = (entry["value"] + stretch * (end - entry["value"]) for end in entry["interval"])
    entry["reading"] = "none"
    if high < 0 and entry["value"] < -margin:
        entry["reading"] = below_above[0]
    if low > 0 and entry["value"] > margin:
        entry["reading"] = below_above[1]
    entry["values"] = values
    return entry


def _project_rate(figures: Sequence[Entry], rate: str, n: str) -> Entry:
    """The rate over all annotators' judgments, with the binomial interval."""
    number = sum(one[n] for one in figures)
    hits = round(sum((one[rate] or 0) * one[n] for one in figures))
    interval = share_intervals(np.array([hits]), np.array([number]))[0]
    return {"value": hits / number if number else None, "interval": interval, "n": number}


def _rate(one: Entry, name: str, usual: float | None, below_above: tuple[str, str], looks: int) -> Entry:
    entry = {"value": one[f"{name}_rate"], "interval": one[f"{name}_interval"], "n": one[f"{name}_n"]}
    return _read_rate(entry, usual, below_above, looks)


def _read_rate(entry: Entry, usual: float | None, below_above: tuple[str, str], looks: int = 1) -> Entry:
    """Read a rate against what is usual: a half for positions, the median annotator's rate for lengths."""
    value, interval = entry["value"], entry["interval"]
    if value is None or interval is None or usual is None or entry["n"] < LEAST:
        return {**entry, "reading": "not_enough", "values": {"n": entry["n"], "needed": LEAST}}
    shifted = _figure(value - usual, (interval[0] - usual, interval[1] - usual), entry["n"])
    reading = _reading(shifted, below_above, {}, margin=RATE_MARGIN, looks=looks)["reading"]
    values = {"value": value, "usual": usual}
    return {**entry, "interval": list(interval), "reading": reading, "values": values}


def _progress(judgments: Judgments) -> Floats:
    """The place of each judgment in its annotator's own course, 0 the first and 1 the last; NaN unknown."""
    times = [np.nan if row.submitted is None else row.submitted for row in judgments.rows]
    return _ranked(judgments.annotator, np.array(times, dtype=np.float64), first=0.0)


def _speed(judgments: Judgments) -> Floats:
    """The share of the annotator's own judgments that took no longer than this one; NaN unknown."""
    times = [np.nan if not row.active_ms else row.active_ms for row in judgments.rows]
    return _ranked(judgments.annotator, np.array(times, dtype=np.float64), first=1.0)


def _ranked(annotator: Integers, values: Floats, *, first: float) -> Floats:
    """Ranks within each annotator's own values, from 0 to 1 (first 0) or from 1 / n to 1 (first 1).

    Where all values of somebody are equal, as times of an import may be, nothing is known.
    """
    result = np.full(len(values), np.nan)
    order = np.lexsort((values, annotator))  # NaN last
    order = order[~np.isnan(values[order])]
    edges = np.flatnonzero(np.diff(annotator[order])) + 1
    for part in np.split(order, edges):
        if len(part) > 1 and values[part[0]] < values[part[-1]]:
            result[part] = (np.arange(len(part)) + first) / (len(part) - 1 + first)
    return result


def _own_mean(judgments: Judgments, share: Floats) -> Floats:
    """The mean of each judgment's annotator, so that who works when does not look like drift."""
    known = ~np.isnan(share)
    count = len(judgments.annotators)
    at = judgments.annotator[known]
    total, number = np.bincount(at, share[known], minlength=count), np.bincount(at, minlength=count)
    means = np.divide(total, number, out=np.full(count, np.nan), where=number > 0)
    return np.asarray(means[judgments.annotator])
