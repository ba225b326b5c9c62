"""The card of a reward model, from what the database has of it."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from django.core.cache import caches

from training.models import Promotion
from training.rewards.card import Card, Facts, card_make
from training.rewards.card_markdown import card_markdown
from training.selectors.models import ModelStatus, promotion_wire
from training.selectors.must_pass import standing_of
from training.snapshot import snapshot_dataset

if TYPE_CHECKING:
    from collections.abc import Mapping

    from training.models import RewardModel, TrainingRun


def run_facts(run: TrainingRun, evaluation: Mapping[str, Any], provenance: Mapping[str, Any]) -> Facts:
    """What a run alone tells: the same for every run of one recipe on one snapshot."""
    snapshot = run.snapshot
    return Facts(
        project=run.project.name,
        kind=run.recipe["model"]["kind"],
        fingerprint=snapshot.fingerprint,
        frozen_at=snapshot.created_at.isoformat(timespec="seconds"),
        judgments=snapshot.judgments,
        prompts=snapshot.prompts,
        annotators=tuple((each["kind"], each["judgments"]) for each in snapshot.annotators),
        selection=snapshot.selection,
        recipe=run.recipe,
        evaluation=evaluation,
        provenance=provenance,
        packages=provenance.get("packages"),
    )


def run_card_text(run: TrainingRun, evaluation: Mapping[str, Any]) -> str:
    """The card beside a run's model as Markdown, before it has a number: equal runs make equal files."""
    return card_markdown(card_make(run_facts(run, evaluation, evaluation["provenance"])))


def card_of(model: RewardModel) -> Card:
    """The card as of now."""
    standing = standing_of(model.project_id, model)
    facts = run_facts(model.run, model.evaluation, provenance_of(model))
    return card_make(replace(facts, since_promotion=model.since_promotion, must_pass=standing.wire()))


def card_wire(model: RewardModel) -> dict[str, Any]:
    """The card for the wire."""
    return {
        "model": str(model.id),
        "version": model.version,
        "status": ModelStatus(model.project_id).of(model),
        "created_at": model.created_at,
        **asdict(card_of(model)),
        "decision": model.decision,
        "served": served_of(model),
    }


def card_text(model: RewardModel) -> str:
    """The card as Markdown."""
    served = [row | {"at": row["at"].isoformat(timespec="seconds")} for row in served_of(model)]
    return card_markdown(card_of(model), version=model.version, served=served)


def served_of(model: RewardModel) -> list[dict[str, Any]]:
    """When it was promoted, by whom and why, the first time first."""
    rows = Promotion.objects.filter(model=model).select_related("model", "previous", "by").order_by("id")
    return [promotion_wire(row) for row in rows]


def provenance_of(model: RewardModel) -> Mapping[str, Any]:
    """What the run wrote down; for models from before runs did, what their snapshot still says, and no packages."""
    kept: Mapping[str, Any] | None = model.evaluation.get("provenance")
    if kept is not None:
        return kept
    cache, key = caches["figures"], f"provenance-{model.run.snapshot_id}"
    found: Mapping[str, Any] | None = cache.get(key)
    if found is None:
        from training.rewards.provenance import provenance  # scipy, which the web process starts without

        found = provenance(snapshot_dataset(model.run.snapshot))
        cache.set(key, found)
    return found
