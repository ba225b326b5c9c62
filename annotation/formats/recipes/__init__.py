"""Recipes: how well-known public sets are read, each in a file of its own."""

from __future__ import annotations

from collections.abc import Iterable

from annotation.formats.recipes import pandalm, tulu_human_eval, ukp_convarg
from annotation.formats.recipes.base import Recipe, RecipeOption

__all__ = ["RECIPES", "Recipe", "RecipeOption", "suggested_recipe"]

RECIPES: dict[str, Recipe] = {
    recipe.name: recipe for recipe in (pandalm.RECIPE, tulu_human_eval.RECIPE, ukp_convarg.RECIPE)
}


def suggested_recipe(columns: Iterable[str]) -> str | None:
    """Return the name of the recipe that knows a table with these columns, None if none does."""
    present = frozenset(columns)
    for recipe in RECIPES.values():
        if any(needed <= present for needed in recipe.columns):
            return recipe.name
    return None
