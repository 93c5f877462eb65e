"""beartype for the import hook of jaxtyping, which decorates method by method."""

from beartype import beartype
from beartype.roar import BeartypeDecorHintPep673Exception


def check(function):
    try:
        return beartype(function)
    except BeartypeDecorHintPep673Exception:
        # `Self` can be resolved only while a whole class is decorated; those few methods go unchecked.
        return function
