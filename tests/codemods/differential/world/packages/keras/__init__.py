"""A Keras that trains nothing and records which callbacks a fit got."""

from . import callbacks, layers, models
from .models import Model, Sequential

__version__ = "3.15.0"
