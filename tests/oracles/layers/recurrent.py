"""The recurrent layers in PyTorch."""

from __future__ import annotations

from typing import Any

from tests.oracles.layers.reference import reference


@reference("simple_rnn", "lstm", "gru")
def recurrent(torch: Any, layer: Any, x: Any, w: Any) -> Any:
    settings = {"nonlinearity": layer.activation} if layer.kind == "simple_rnn" else {}
    name = {"simple_rnn": "RNN", "lstm": "LSTM", "gru": "GRU"}[layer.kind]
    module = getattr(torch.nn, name)(x.shape[2], layer.units, batch_first=True, dtype=x.dtype, **settings)
    zeros = torch.zeros(len(w["bias"]), dtype=x.dtype)
    theirs = {
        "weight_ih_l0": w["weight"].T,
        "weight_hh_l0": w["recurrent"].T,
        "bias_ih_l0": w["bias"],
        "bias_hh_l0": torch.cat([zeros[: 2 * layer.units], w["recurrent_bias"]]) if "recurrent_bias" in w else zeros,
    }
    y, _ = torch.func.functional_call(module, theirs, (x,))
    return y[:, -1] if layer.outputs == "last" else y
