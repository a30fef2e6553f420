"""A wandb that logs nothing; OLD says whether it still has the legacy callback."""

from stage import event, told

OLD = True
__version__ = "0.16.6"

run = None


class Error(Exception):
    pass


class _Config(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


class _Run:
    offline, disabled, dir, id, name = True, False, "run-dir", "1", "run"

    def __init__(self, settings):
        self.config = _Config(settings.get("config") or {})
        self.summary = {}

    def log(self, values, **kwargs):
        event("log", told(values))

    def finish(self):
        finish()

    def define_metric(self, *args, **kwargs):
        event("define_metric", told(args))

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.finish()


def init(*args, **kwargs):
    global run, config
    event("init", told(kwargs))
    run = _Run(kwargs)
    config = run.config
    return run


def login(*args, **kwargs):
    event("login")


def finish():
    global run
    event("finish")
    run = None


def log(values, **kwargs):
    event("log", told(values))


def agent(sweep, function=None, count=1):
    for _ in range(count):
        function()


def sweep(configuration, **kwargs):
    return "sweep"


def restore(name):
    event("restore", name)


def save(name, *args, **kwargs):
    event("wandb.save", name)


config = _Config()


class Image:
    def __init__(self, *args, **kwargs):
        pass


class Settings:
    def __init__(self, **kwargs):
        pass


def __getattr__(name):
    import importlib

    if name == "keras":  # as the real one, which loads it when it is asked for
        return importlib.import_module("wandb.integration.keras")
    if name == "integration":  # the real one imports that itself, and of its modules not keras
        return importlib.import_module("wandb.integration")
    raise AttributeError(f"module 'wandb' has no attribute {name!r}")
