"""Nets: small generative models of the kinds that the papers train."""

from collapse_jax.neural.nets.autoregressive import Autoregressive
from collapse_jax.neural.nets.denoiser import LinearDenoiser
from collapse_jax.neural.nets.diffusion import Diffusion
from collapse_jax.neural.nets.flow import Flow
from collapse_jax.neural.nets.recurrent import Recurrent
from collapse_jax.neural.nets.softmax import Softmax
from collapse_jax.neural.nets.transformer import Transformer
from collapse_jax.neural.nets.vae import VAE

__all__ = ["VAE", "Autoregressive", "Diffusion", "Flow", "LinearDenoiser", "Recurrent", "Softmax", "Transformer"]
