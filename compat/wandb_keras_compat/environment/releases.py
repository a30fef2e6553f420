"""Which release changed what: the ranges of versions by which this package decides."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.version import InvalidVersion, Version


@dataclass(frozen=True)
class Releases:
    """The releases from one on, up to and without another.

    Args:
        since: The first; empty for all that came before ``until``.
        until: The first that is not among them; empty for none.

    Example:
        >>> "2.16.2" in Releases(since="2.16"), "2.16.0rc0" in Releases(since="2.16")
        (True, False)
        >>> None in Releases(until="2.16")  # not installed
        False
    """

    since: str = ""
    until: str = ""

    def __contains__(self, version: str | None) -> bool:
        if version is None:
            return False
        found = parse(version)
        return parse(self.since) <= found and (not self.until or found < parse(self.until))

    def __str__(self) -> str:
        """Return a requirement, such as ``>=2.13,<2.15``."""
        bounds = (f">={self.since}" * bool(self.since), f"<{self.until}" * bool(self.until))
        return ",".join(filter(None, bounds))


def parse(version: str | None) -> Version:
    """Return a version that can be compared; what cannot be read counts as the oldest.

    Example:
        >>> parse("2.16.0-rc0") < parse("2.16.0"), str(parse(None))
        (True, '0')
    """
    try:
        return Version(version or "0")
    except InvalidVersion:
        return Version("0")


def is_broken(version: str | None) -> bool:
    """Whether something is installed whose version cannot be read."""
    try:
        Version(version or "0")
    except InvalidVersion:
        return True
    return False


# What wandb has: https://docs.wandb.ai/guides/integrations/keras, wandb/wandb#11926
WANDB_TRIO = Releases(since="0.13.4")
WANDB_KERAS_MODULE = Releases(until="0.17.0")  # the module `wandb.keras`
WANDB_CALLBACK = Releases(until="0.27.1")
WANDB_SERVICE_IN_PYTHON = Releases(until="0.18.0")  # tells its port, then begins to listen there

# What its classes do in vain, read in their sources; docs/support.md has the errors as measured.
WANDB_CHECKPOINT_NAMES_BATCH = Releases(until="0.13.6")  # whether Keras knows it or not
WANDB_CHECKPOINT_NEEDS_FILE = Releases(since="0.15.6")  # FileNotFoundError when nothing was saved
WANDB_CHECKPOINT_HANDS_OPTIONS_ON = Releases(until="0.17.8")  # Keras 3 has no options
WANDB_CALLBACK_SETS_MODEL = Releases(until="0.17.9")  # Keras 3's model is a property

TF_WITH_KERAS_INSIDE = Releases(until="2.6")  # tf.keras' code is TensorFlow's own
TF_WITH_KERAS_3 = Releases(since="2.16")  # tf.keras is Keras 3
TF_REFUSES_BEST_AS_KERAS = Releases("2.13", "2.15")  # ModelCheckpoint, save_best_only, .keras
TF_WITHOUT_WANDB_GRADIENTS = Releases(since="2.14")  # WandbCallback(log_gradients=True) fails
KERAS_FROM_3 = Releases(since="3")
KERAS_WITH_OPENVINO = Releases(since="3.8")  # as a backend

NUMPY_FROM_2 = Releases(since="2")
WANDB_ON_NUMPY_2 = Releases(since="0.17.2")  # before: AttributeError at `np.float_`; seen likewise

# The protobuf that wandb has code for, by its major version; every bound was seen to work and fail.
WANDB_ON_PROTOBUF = {
    3: Releases(until="0.25.1"),
    4: Releases(until="0.28.1"),
    5: Releases(since="0.17.1"),
    6: Releases(since="0.19.10"),
    7: Releases(since="0.26.0"),
}
# The protobuf with which TensorFlow can be imported, where not with each; seen likewise.
TF_ON_PROTOBUF = {
    Releases(until="2.12"): Releases(until="4"),
    Releases("2.20", "2.21"): Releases(since="5.28"),
    Releases(since="2.21"): Releases(since="6.31.1"),
}
PROTOBUF_FROM_5 = Releases(since="5")
TF_ASKS_FOR_PROTOBUF_BELOW_5 = Releases("2.12", "2.18")  # and can be imported with more
