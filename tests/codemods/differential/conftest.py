"""What the session says at its end; the stubs are named like real packages and not collected."""

import sys

collect_ignore = ["world", "kinds"]


def pytest_terminal_summary(terminalreporter):
    generated = sys.modules.get("test_generated")
    if generated is not None and generated.SHARES:
        count = generated.SHARES["programs"]
        shares = ", ".join(
            f"{name} in {100 * generated.SHARES[form] // count} %"
            for form, name in (("parts", "several"), ("one", "one for one"), ("kept", "kept"))
        )
        terminalreporter.write_line(
            f"differential: DIFFERENTIAL_SEED={generated.SEED}; of {count} programs for compat: {shares}"
        )
