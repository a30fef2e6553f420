"""Gradients of a model's compiled loss; each backend's step is a file, imported when it is used."""

from .loss_gradients import LossGradients

__all__ = ["LossGradients"]
