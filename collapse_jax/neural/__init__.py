"""Neural chains: nets, and models of any framework, through the workflows of the library."""

from collapse_jax.neural.family import Fitted as Fitted
from collapse_jax.neural.family import NeuralFamily as NeuralFamily
from collapse_jax.neural.host import HostModel as HostModel
from collapse_jax.neural.host import host_study as host_study
from collapse_jax.neural.network import Network as Network
from collapse_jax.neural.outcome import Study as Study
from collapse_jax.neural.probe import Probe as Probe
from collapse_jax.neural.study import study as study
from collapse_jax.neural.training import Training as Training
from collapse_jax.neural.truth import Truth as Truth
