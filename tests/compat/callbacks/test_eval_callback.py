"""WandbEvalCallback: the documented subclass works offline, disabled, and without ``logs``."""

import pytest

from training import fit


@pytest.fixture(params=["with logs", "without logs"])
def subclass(request, keras, data):
    from wandb_keras_compat import WandbEvalCallback

    _, (xv, yv) = data

    class Base(WandbEvalCallback):
        def truth(self):
            for index, label in enumerate(yv):
                self.data_table.add_data(index, int(label))

        def predictions(self, epoch):
            classes = self.model.predict(xv, verbose=0).argmax(axis=-1)
            for index in self.data_table_ref.get_index():
                self.pred_table.add_data(
                    epoch, *self.data_table_ref.data[index], int(classes[index])
                )

    class WithLogs(Base):
        def add_ground_truth(self, logs=None):
            self.truth()

        def add_model_predictions(self, epoch, logs=None):
            assert "val_loss" in logs
            self.predictions(epoch)

    class WithoutLogs(Base):
        def add_ground_truth(self):
            self.truth()

        def add_model_predictions(self, epoch):
            self.predictions(epoch)

    return WithLogs if request.param == "with logs" else WithoutLogs


def test_tables_are_logged_offline(subclass, offline_run, mlp, data):
    run = offline_run()
    callback = subclass(["idx", "label"], ["epoch", "idx", "label", "pred"])
    fit(mlp, data, callback)
    artifacts = run.finish().artifacts
    assert [a.type for a in artifacts] == ["dataset", "evaluation", "evaluation"]
    assert [a.name for a in artifacts] == ["val", "run_<RUN_ID>_pred", "run_<RUN_ID>_pred"]
    assert [f.path for f in artifacts[0].contents] == ["val_data.table.json"]
    assert len(callback.pred_table.data) == 16
    assert callback.pred_table.data[3][0] == 1


def test_disabled_is_no_crash(subclass, offline_run, mlp, data):
    offline_run(mode="disabled")
    callback = subclass(["idx", "label"], ["epoch", "idx", "label", "pred"])
    fit(mlp, data, callback)
    assert len(callback.data_table_ref.data) == 16


def test_it_is_abstract(offline_run, keras):
    from wandb_keras_compat import WandbEvalCallback

    offline_run()
    with pytest.raises(TypeError, match="abstract"):
        WandbEvalCallback([], [])
