"""The validation data of fit is found, whatever its shape, and fit keeps what it needs."""

import numpy as np
import pytest


@pytest.fixture
def fit_data():
    from wandb_keras_compat._keras import fit_data

    return fit_data


@pytest.fixture
def batches():
    from wandb_keras_compat._keras.batches import Batches

    return Batches


@pytest.fixture
def found(keras, fit_data, mlp, data):
    """``found(**fit arguments)`` trains and returns what on_train_begin found, and the history."""

    def train(**arguments):
        seen = []

        class Look(keras.callbacks.Callback):
            def on_train_begin(self, logs=None):
                seen.append(fit_data.validation_data_of_fit(mlp))

        x, y = data[0]
        history = mlp.fit(x, y, batch_size=8, verbose=0, callbacks=[Look()], **arguments)
        return seen[0], history.history

    return train


def endless(data):
    x, y = data[1]
    while True:
        yield x[:4], y[:4]


def sequence(keras, data):
    x, y = data[1]
    base = getattr(keras.utils, "PyDataset", None) or keras.utils.Sequence

    class Quarters(base):
        def __len__(self):
            return 4

        def __getitem__(self, index):
            return x[4 * index : 4 * index + 4], y[4 * index : 4 * index + 4]

    return Quarters()


def test_arrays_are_the_same_objects(found, data):
    assert found(validation_data=data[1])[0] is data[1]


def test_nothing_is_found_without_validation_data(found):
    assert found()[0] is None


def test_the_split_off_part_is_found(found, fit_data, data):
    x, y = data[0]
    part, _ = found(validation_split=0.25)
    np.testing.assert_array_equal(part[0], x[24:])
    np.testing.assert_array_equal(part[1], y[24:])


def test_nothing_is_found_outside_fit(fit_data, mlp):
    assert fit_data.validation_data_of_fit(mlp) is None


def test_the_fit_of_another_model_is_not_ours(keras, fit_data, mlp, data):
    seen = []

    class Look(keras.callbacks.Callback):
        def on_train_begin(self, logs=None):
            seen.append(fit_data.validation_data_of_fit(object()))

    mlp.fit(*data[0], verbose=0, validation_data=data[1], callbacks=[Look()])
    assert seen == [None]


def test_an_endless_generator_is_shared(found, data):
    generator = endless(data)
    assert found(validation_data=generator, validation_steps=2)[0] is generator


def test_a_generator_that_fit_uses_up_is_left_to_it(found, data):
    x, y = data[1]
    batches = ((x[i : i + 4], y[i : i + 4]) for i in range(0, 16, 4))
    seen, history = found(validation_data=batches)
    assert seen is None
    assert len(history["val_loss"]) == 1


def test_a_sequence_is_found_and_starts_anew_at_its_end(keras, found, batches, data):
    given = sequence(keras, data)
    seen, _ = found(validation_data=given)
    assert seen is given
    drawn = batches(seen)
    x, y = zip(*[drawn.draw() for _ in range(5)])
    np.testing.assert_array_equal(np.concatenate(x), np.concatenate([data[1][0], data[1][0][:4]]))
    np.testing.assert_array_equal(np.concatenate(y), np.concatenate([data[1][1], data[1][1][:4]]))


def test_a_dataset_is_found(found, batches, data):
    tf = pytest.importorskip("tensorflow", reason="tf.data needs TensorFlow")
    given = tf.data.Dataset.from_tensor_slices(data[1]).batch(4)
    seen, _ = found(validation_data=given)
    assert seen is given
    x, y = zip(*batches(seen).gather(4))
    np.testing.assert_array_equal(np.concatenate(x), data[1][0])
    np.testing.assert_array_equal(np.concatenate(y), data[1][1])


def test_a_data_loader_is_found(found, batches, data):
    torch = pytest.importorskip("torch", reason="DataLoader needs torch")
    tensors = torch.utils.data.TensorDataset(*(torch.from_numpy(a) for a in data[1]))
    given = torch.utils.data.DataLoader(tensors, batch_size=4)
    seen, _ = found(validation_data=given)
    assert seen is given
    np.testing.assert_array_equal(batches(seen).draw()[0], data[1][0][:4])


def test_an_exhausted_iterator_says_so(batches):
    with pytest.raises(StopIteration):
        batches(iter([])).draw()
