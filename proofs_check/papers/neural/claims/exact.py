"""Nets whose chains are known exactly: what training adds has to be too little to see."""

from proofs_check.claim import Check, claim
from proofs_check.papers.neural import theory

_N = 50


@claim(
    "neural.softmax",
    statement=r"E \sum_k q_t(k)^2 = 1 - (1 - \tfrac1n)^t (1 - S_0) \text{ of a softmax net that is trained on } n \text{ draws of the last}",
    relation="==",
    provenance="derived",
    source="a table of logits, trained to the end, is a table of frequencies (Seddik et al. 2024, equation 2)",
    dear=True,
)
def softmax():
    """Ties the path of nets to a theorem: 200 steps of Adam on minibatches, 50 symbols per fit."""
    import jax

    import collapse_jax as cj
    from collapse_jax.neural import NeuralFamily, Training, nets, truths

    p = (0.5, 0.3, 0.2)
    start = sum(q * q for q in p)

    def sum_of_squares(model, truth):
        return (jax.nn.softmax(model.weights, -1) ** 2).sum(-1)

    return Check(
        NeuralFamily(truths.NextToken([p]), nets.Softmax(1, 3), Training(steps=200, rate=0.1, batch=64)),
        cj.Replace(_N),
        sum_of_squares,
        3,
        lambda t: theory.softmax(t, _N, start),
        {
            "two fits more": lambda t: theory.softmax(t + 2, _N, start),
            "nothing is lost": lambda t: start,
        },
        bounds=(0, 1),
    )


@claim(
    "neural.denoiser",
    statement=r"E\,w_t = E \frac{s_t}{s_t + \sigma^2},\quad s_t = \frac{s_{t-1}^2}{s_{t-1} + \sigma^2} \frac{\chi^2_n}{n} \text{ of a linear denoiser trained on } n \text{ of its own outputs}",
    relation="==",
    provenance="derived",
    source="the map of linear denoising autoencoders, zhu2024.dae, with a chi-squared variable per fit; by quadrature",
    dear=True,
)
def denoiser():
    """Ties the path of nets to the linear autoencoder: Adam on minibatches, 50 draws per fit."""
    import jax.numpy as jnp

    import collapse_jax as cj
    from collapse_jax.neural import NeuralFamily, Training, nets, truths

    sigma2 = 0.25

    def weight(model, truth):
        return jnp.clip(model.weights[..., 0], 0, 1)

    return Check(
        NeuralFamily(
            truths.Normals([1.0], [[0.0]], 1.0),
            nets.LinearDenoiser(1, sigma2),
            Training(steps=200, rate=0.1, batch=64),
        ),
        cj.Replace(_N),
        weight,
        3,
        lambda t: theory.denoiser(t, _N, 1.0, sigma2),
        {
            "what is handed on is clean": lambda t: theory.denoiser(1, _N, 1.0, sigma2),
            "one fit more": lambda t: theory.denoiser(t + 1, _N, 1.0, sigma2),
        },
        bounds=(0, 1),
    )
