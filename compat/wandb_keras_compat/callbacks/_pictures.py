"""Captions and pixels for pictures of inputs, targets and predictions; plain arrays."""

from __future__ import annotations

import colorsys
from typing import Any, Sequence

import numpy as np

from wandb_keras_compat import _run


def kind_of(shape: Sequence[Any], risky: bool = False) -> str | None:
    """Return what data of a shape (with its batch axis) is most likely to be.

    ``(batch,)`` and ``(batch, classes)`` are labels, ``(batch, height, width, 1|3|4)`` images and
    other ``(batch, height, width, classes)`` segmentation masks. ``(batch, height, width)`` is an
    image only if ``risky``: it may as well be a series.
    """
    if len(shape) in (1, 2):
        return "label"
    if len(shape) == 3 and risky:
        return "image"
    if len(shape) == 4:
        return "image" if shape[-1] in (1, 3, 4) else "segmentation_mask"
    return None


def picture(array: Any) -> Any:
    """Return an image of any range as a PIL image, bright enough to see.

    wandb 0.31 takes numbers as 0..255 and shows an image in 0..1 as black; before, it looked at the
    range: 0..1 is scaled to 0..255. Negative numbers are stretched to 0..1 first, as up to 0.19.

    Args:
        array: Of shape ``(height, width)`` or ``(height, width, 1|3|4)``, batch axes of size one
            aside.
    """
    from PIL import Image

    values = np.asarray(array)
    if values.min() < 0:
        values = (values - values.min()) / (np.ptp(values) or 1)
    if values.max() <= 1:
        values = values * 255
    values = values.clip(0, 255).astype(np.uint8)
    return Image.fromarray(values.squeeze() if values.ndim > 2 else values)


def captions(logits: Sequence[Any], labels: Sequence[Any]) -> list[Any]:
    """Return a caption for each row of logits.

    Args:
        logits: One array a row, of shape ``(1,)`` for a binary classifier or ``(classes,)``; or
            the number of the class, or text.
        labels: Names of the classes; two of them, false first, for a binary classifier.
    """
    if isinstance(logits[0], str):
        return list(logits)
    if np.ndim(logits[0]) == 0:
        return [
            labels[n] if isinstance(n, int) and 0 <= n < len(labels) else n
            for n in np.asarray(logits).tolist()
        ]
    if logits[0].shape[-1] == 1:
        if len(labels) == 2:
            return [labels[1] if logit[0] > 0.5 else labels[0] for logit in logits]
        if len(labels) != 0:
            _run.warn(
                f"labels={list(labels)!r}: the model has a single output, so expected two labels,"
                " the one for false first; the output itself is the caption."
            )
        return [logit[0].item() for logit in logits]
    classes = np.argmax(np.stack(logits), axis=1).tolist()
    return [labels[c] if c < len(labels) else c for c in classes]


def pixels(masks: Sequence[Any], class_colors: Any) -> Any:
    """Return segmentation masks as pictures.

    Args:
        masks: Arrays of shape ``(height, width, classes)``; those of shape ``(height, width)`` or
            ``(height, width, 1)`` are grey already.
        class_colors: ``(classes, 3)`` colours in 0..1, or None for black and even hues.
    """
    if len(masks[0].shape) == 2 or masks[0].shape[-1] == 1:
        return masks
    if class_colors is None:
        hues = masks[0].shape[2] - 1
        class_colors = [(0, 0, 0), *(colorsys.hsv_to_rgb(i / hues, 1.0, 1.0) for i in range(hues))]
    return np.array(class_colors)[np.argmax(masks, axis=-1)]
