"""Linear fits on fewer judgments of a dataset, quick enough to make dozens of them.

They keep the features and the strictness of a fit that was made: what changes is only whose judgments they see.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.rewards.data import Dataset
from training.rewards.features.space import Raw
from training.rewards.models.linear_fit import Fitter, LinearOptions
from training.rewards.models.span import Span
from training.rewards.models.strictness import Strictness


@dataclass(frozen=True)
class Refits:
    """What such fits share; ``raw`` and ``span`` are those of the whole dataset's rows.

    ``check`` is called before each fit and may raise.
    """

    raw: Raw
    groups: Mapping[str, bool]
    options: LinearOptions
    span: Span | None
    check: Callable[[], None] = lambda: None

    def rewards(
        self, dataset: Dataset, learning: NDArray[np.int64], strictness: Strictness
    ) -> NDArray[np.float64]:
        """Rewards (rows,) by a fit on the judgments of ``dataset`` on the prompts ``learning``.

        ``dataset`` has the rows that ``raw`` was made of, and any of their judgments. Raises ConvergenceError.
        """
        self.check()
        fitter = Fitter(dataset, self.raw, learning, self.groups, self.options, self.span)
        weights = fitter.solver(learning).fit(fitter.objective(learning), strictness)
        return fitter.rewards(fitter.in_units(weights))[self.raw.index]
