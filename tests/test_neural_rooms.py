"""Studies of the room of nets: a judge knows what can be said, and tables of frequencies have their exact errors."""

import jax
import numpy as np
import pytest

from collapse_jax.neural import truths
from collapse_jax.results.estimate import simultaneous_z
from proofs_check.papers.neural import trials


def test_a_judge_prefers_what_the_grammar_can_say():
    grammar = truths.Grammar.english()
    said = grammar.sample(jax.random.key(0), 64)[None]
    turned = said[..., ::-1]
    short = np.asarray(said)[0, :, -1] == grammar.symbols - 1  # turned round, their end comes first
    assert short.any()
    assert np.all(np.asarray(trials.Grammatical()(said)) == 1)
    assert np.all(np.asarray(trials.Grammatical(-2.0)(said)) == -2)
    assert np.all(np.asarray(trials.Grammatical()(turned))[:, short] == 0)


@pytest.mark.slow
def test_tables_of_frequencies_have_the_errors_of_their_samples():
    found = trials.tokens().run(256, 5)
    p = 1 / np.arange(1, 33)
    spread = 1 - np.sum((p / p.sum()) ** 2)
    T0 = trials.T0
    exact = {"half": 2 / T0, "same": 1 / T0, "drawn": 2 / T0 - 1 / T0**2}
    for name, share in exact.items():
        error = found[name]["error"][-1]
        off = abs(error.mean() - spread * share)
        assert off < simultaneous_z(1e-6, len(exact)) * error.std(ddof=1) / len(error) ** 0.5, name
