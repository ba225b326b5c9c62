"""R(x) = f(x; theta): a transformer read as one number for each text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from training.rewards.models.transformer.tokens import Tokens, by_length

if TYPE_CHECKING:
    from training.rewards.models.transformer.checkpoint import Backbone

SCORING_TOKENS: Final = {"cpu": 4_096, "cuda": 65_536}


class RewardNetwork(nn.Module):
    """A backbone, pooled over its tokens (encoders) or read at the last one (causal models), and a linear head.

    The head starts at zero, so that before the first step every text has the reward 0.
    """

    def __init__(self, backbone: nn.Module, width: int, *, causal: bool, dropout: float = 0.1) -> None:
        super().__init__()
        self.backbone, self.causal = backbone, causal
        self.dropout = nn.Dropout(dropout)
        self.head = nn.Linear(width, 1)
        nn.init.zeros_(self.head.weight)
        nn.init.zeros_(self.head.bias)

    def forward(self, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
        """Rewards (texts,) in float32."""
        hidden = self.backbone(**inputs).last_hidden_state
        mask = inputs["attention_mask"]
        if self.causal:
            last = mask.sum(dim=1) - 1
            pooled = hidden[torch.arange(len(hidden), device=hidden.device), last].float()
        else:
            weight = mask.unsqueeze(-1).to(torch.float32)
            pooled = (hidden.float() * weight).sum(dim=1) / weight.sum(dim=1)
        with torch.autocast(device_type=pooled.device.type, enabled=False):
            rewards: torch.Tensor = self.head(self.dropout(pooled))[:, 0]
        return rewards


def network_of(backbone: Backbone, *, dropout: float = 0.1) -> RewardNetwork:
    """A network with a fresh head on a backbone."""
    return RewardNetwork(
        backbone.model, int(backbone.model.config.hidden_size), causal=backbone.causal, dropout=dropout
    )


def device_best() -> torch.device:
    """The GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def score(
    network: RewardNetwork,
    tokens: Tokens,
    items: NDArray[np.int64] | None = None,
    check: Callable[[], Any] = lambda: None,
) -> NDArray[np.float64]:
    """Rewards of `items` (all unless given), in their order, in float32 whatever it was trained in.

    Batches hold texts of like lengths; a text's reward does not depend on its company beyond rounding.
    """
    device = next(network.parameters()).device
    chosen = np.arange(len(tokens.ids)) if items is None else items
    rewards = np.zeros(len(chosen))
    was_training = network.training
    network.eval()
    with torch.inference_mode():
        for batch in by_length(tokens.lengths[chosen], SCORING_TOKENS[device.type]):
            check()
            rewards[batch] = network(tokens.batch(chosen[batch], device)).double().cpu().numpy()
    network.train(was_training)
    return rewards
