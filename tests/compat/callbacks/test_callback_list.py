"""WandbCallbackList: one object that trains and records as its parts do."""

import copy
import pickle

import pytest

from training import seed

HOOKS = {
    f"on_{what}{batch}_{edge}"
    for what in ("train", "test", "predict")
    for batch in ("", "_batch")
    for edge in ("begin", "end")
} | {"on_epoch_begin", "on_epoch_end"}


def fit(model, data, *callbacks, **options):
    (x, y), validation = data
    options = {"epochs": 2, "batch_size": 8, "verbose": 0, "validation_data": validation, **options}
    return model.fit(x, y, callbacks=list(callbacks), **options)


@pytest.fixture
def spy(keras):
    """A factory of callbacks that note ``(name, hook)`` in a list, given these hooks."""
    calls = []

    def note(hook):
        def noted(self, *args, **kwargs):
            calls.append((self.name, hook))

        return noted

    def make(name, hooks):
        return type(
            "Spy", (keras.callbacks.Callback,), {"name": name, **{h: note(h) for h in hooks}}
        )()

    make.calls = calls
    return make


def test_every_hook_goes_to_every_part_in_order(spy, mlp, data):
    from wandb_keras_compat import WandbCallbackList

    together = WandbCallbackList([spy("a", HOOKS), spy("b", HOOKS)])
    alone = spy("alone", HOOKS)
    fit(mlp, data, together, alone)
    mlp.predict(data[0][0], verbose=0, callbacks=[together, alone])
    seen = {hook for name, hook in spy.calls if name == "alone"}
    assert seen == HOOKS
    expected = []
    for name, hook in spy.calls:
        if name == "alone":
            expected += [("a", hook), ("b", hook), ("alone", hook)]
    assert sorted(spy.calls) == sorted(expected)
    a, b = ([hook for name, hook in spy.calls if name == which] for which in "ab")
    assert a == b == [hook for name, hook in spy.calls if name == "alone"]
    assert spy.calls == expected


def test_parts_know_the_model_and_the_parameters(spy, mlp, data):
    from wandb_keras_compat import WandbCallbackList

    part = spy("a", ())
    fit(mlp, data, WandbCallbackList([part]), epochs=3)
    assert part.model is mlp
    assert part.params["epochs"] == 3


@pytest.mark.parametrize("kind", ["train", "test", "predict"])
def test_batch_hooks_are_offered_when_a_part_has_them(kind, spy, keras):
    from wandb_keras_compat import WandbCallbackList

    end = f"on_{kind}_batch_end"
    for part, has in ((spy("epochs", ["on_epoch_end"]), False), (spy("batches", [end]), True)):
        together = WandbCallbackList([spy("other", ["on_train_begin"]), part])
        assert getattr(together, f"_implements_{kind}_batch_hooks")() is has
        lone, listed = (
            getattr(keras.callbacks.CallbackList([c]), f"_async_{kind}", None)
            for c in (part, together)
        )
        assert lone == listed
    others = {"train", "test", "predict"} - {kind}
    assert not any(getattr(together, f"_implements_{k}_batch_hooks")() for k in others)


def test_a_batch_goes_to_the_parts_that_have_its_hooks_when_training_begins(spy, mlp, data):
    from wandb_keras_compat import WandbCallbackList

    batches, later = spy("batches", ["on_train_batch_end"]), spy("later", ["on_epoch_end"])
    together = WandbCallbackList([batches, later])
    later.on_train_batch_end = lambda batch, logs=None: spy.calls.append(("later", batch))
    fit(mlp, data, together, epochs=1)
    assert spy.calls[:4] == [
        ("batches", "on_train_batch_end"), ("later", 0),
        ("batches", "on_train_batch_end"), ("later", 1),
    ]  # fmt: skip


def test_parts_that_are_safe_to_call_late_stay_so(spy, keras):
    from wandb_keras_compat import WandbCallbackList

    safe, other = spy("safe", ["on_train_batch_end"]), spy("other", ["on_train_batch_end"])
    safe.async_safe = True
    assert WandbCallbackList([safe, spy("epochs", ["on_epoch_end"])]).async_safe
    assert not WandbCallbackList([safe, other]).async_safe
    assert not WandbCallbackList([]).async_safe


def test_it_records_what_its_parts_record(keras, offline_run, mlp, data):
    import wandb_keras_compat as compat

    weights = mlp.get_weights()
    recordings = []
    for pack in (list, lambda parts: [compat.WandbCallbackList(parts)]):
        run = offline_run()
        mlp.set_weights(weights)
        seed(keras)
        parts = [
            compat.WandbParameterHistograms(),
            compat.WandbMetricsLogger(log_freq=2),
            compat.WandbBestMetric("loss"),
            compat.WandbModelCheckpoint("m-{epoch}.h5", monitor="loss"),
        ]
        fit(mlp, data, *pack(parts), shuffle=False)
        recordings.append(run.finish())
    plain, together = recordings
    assert [sorted(row.values) for row in together.history] == [
        sorted(row.values) for row in plain.history
    ]
    assert sum("batch/loss" in row.values for row in together.history) == 4
    assert {k for k in together.summary if not k.startswith("_")} == {
        k for k in plain.summary if not k.startswith("_")
    }
    assert "best_loss" in together.summary
    assert len(together.artifacts) == len(plain.artifacts) == 2


def test_a_part_can_end_the_training(keras, mlp, data):
    from wandb_keras_compat import WandbCallbackList

    stop = keras.callbacks.EarlyStopping("loss", patience=0, min_delta=100.0)
    history = fit(mlp, data, WandbCallbackList([stop]), epochs=9)
    assert len(history.history["loss"]) < 9


@pytest.mark.parametrize("clone", [copy.deepcopy, lambda c: pickle.loads(pickle.dumps(c))])
@pytest.mark.parametrize("log_freq", ["epoch", "batch"])
def test_copies_train_and_offer_the_same_hooks(clone, log_freq, offline_run, mlp, data):
    from wandb_keras_compat import WandbCallbackList, WandbMetricsLogger

    run = offline_run()
    made = WandbCallbackList([WandbMetricsLogger(log_freq)])
    copied = clone(made)
    assert copied.parts[0] is not made.parts[0]
    for callback in (copied, copied.parts[0]):
        assert callback._implements_train_batch_hooks() is (log_freq == "batch")
    fit(mlp, data, copied)
    recording = run.finish()
    assert recording.column("epoch/epoch")[-1] == 1
    assert sum("batch/loss" in row.values for row in recording.history) == 8 * (log_freq == "batch")


def test_lists_within_are_taken_apart_and_lists_as_parts_stay(spy, mlp, data):
    from wandb_keras_compat import WandbCallbackList

    a, b, c = (spy(name, ["on_train_begin"]) for name in "abc")
    inner = WandbCallbackList([b])
    together = WandbCallbackList([[a, (inner,)], c])
    assert together.parts == (a, inner, c)
    fit(mlp, data, together)
    assert [name for name, _ in spy.calls] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        (lambda ok: [ok, None], r"callbacks\[1\]=None"),
        (lambda ok: [ok, [type(ok)]], r"callbacks\[1\]\[0\]=<class"),
        (lambda ok: ["tensorboard"], r"callbacks\[0\]='tensorboard'"),
        (lambda ok: ok, r"callbacks=<.*expected a list"),
        (lambda ok: None, r"callbacks=None"),
    ],
)
def test_what_is_no_callback_is_named(wrong, named, spy):
    from wandb_keras_compat import WandbCallbackList

    with pytest.raises(TypeError, match=named):
        WandbCallbackList(wrong(spy("a", ())))


def test_a_subclass_adds_its_own_hooks(spy, mlp, data):
    from wandb_keras_compat import WandbCallbackList

    seen = []

    class Mine(WandbCallbackList):
        def on_train_batch_end(self, batch, logs=None):
            super().on_train_batch_end(batch, logs)
            seen.append(batch)

    mine = Mine([spy("a", ["on_epoch_end"])])
    assert mine._implements_train_batch_hooks()
    fit(mlp, data, mine, epochs=1)
    assert seen == [0, 1, 2, 3]
    assert spy.calls == [("a", "on_epoch_end")]


def test_a_hand_written_loop_may_use_the_old_hook_names(spy):
    from wandb_keras_compat import WandbCallbackList

    together = WandbCallbackList([spy("a", ["on_train_batch_end", "on_train_batch_begin"])])
    together.on_batch_begin(0)
    together.on_batch_end(0, {"loss": 1.0})
    assert spy.calls == [("a", "on_train_batch_begin"), ("a", "on_train_batch_end")]


def test_the_legacy_callback_is_such_a_list(offline_run, keras, mlp, data):
    from wandb_keras_compat import WandbCallback, WandbCallbackList

    run = offline_run()
    callback = WandbCallback(save_model=False, save_graph=False)
    assert isinstance(callback, WandbCallbackList)
    assert not callback._implements_train_batch_hooks()
    callback.log_batch_frequency = 2
    fit(mlp, data, callback, epochs=1)
    rows = run.finish().history
    assert [("epoch" in row.values) for row in rows] == [False, False, True]
