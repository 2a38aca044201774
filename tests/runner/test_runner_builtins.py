"""Code that puts others in the place of Python's own names is told what it did, as any other code is."""

from __future__ import annotations

import pytest

INSTEAD = {
    "fails": "lambda *a, **k: 1 / 0",
    "is wrong": "lambda *a, **k: 5",
    "is nothing": "None",
    "calls itself": "lambda *a, **k: builtins.{name}(*a, **k)",
    "ends all": "lambda *a, **k: os._exit(3)",
}
NAMES = ("len", "type", "isinstance", "getattr", "tuple", "min", "__import__", "RecursionError")


@pytest.mark.parametrize("instead", INSTEAD)
def test_the_fault_is_the_one_of_the_code(run, instead):
    lines = [f"    builtins.{name} = {INSTEAD[instead].format(name=name)}" for name in NAMES]
    source = "\n".join(["import builtins, os", "def f(x):", "    total = x", *lines, "    return [][1]"])
    fault = run(source, (1.0,)).fault
    assert (fault.kind, fault.line) == ("raised", len(NAMES) + 4)
    assert fault.message.startswith(f"Your code raised IndexError on line {len(NAMES) + 4}: list index out of range.")
    assert "len" in fault.message and "Python's own" in fault.message


def test_all_of_them_may_be_gone(run):
    fault = run("def f(x):\n    import builtins\n    builtins.__dict__.clear()\n    return len(x)\n", ([1.0],)).fault
    assert (fault.kind, fault.line) == ("unknown", 4)
    assert "NameError" in fault.message and "Python's own" in fault.message and len(fault.message) < 200


def test_a_new_meaning_holds_in_the_code_itself(run):
    fault = run("import builtins\nbuiltins.len = lambda _: 1 / 0\ndef f(x):\n    return len(x)\n", ([1.0],)).fault
    assert (fault.kind, fault.line) == ("raised", 2)
    assert fault.message.endswith("division by zero. It also gives a new meaning to Python's own len.")


def test_code_that_comes_out_well_all_the_same(run):
    outcome = run(
        "import builtins\nbuiltins.len = builtins.min = None\ndef f(x):\n    y = x + 1\n    return y\n", (1.0,)
    )
    assert outcome.fault is None
    assert outcome.calls[0].returned == 2.0


def test_a_harness_goes_on_with_its_own(run):
    harness = "def drive(namespace, calls):\n    for call_ in calls:\n        call(namespace['f'], len(call_))\n"
    source = "import builtins\nbuiltins.len = None\ndef f(x):\n    return x\n"
    outcome = run(source, (1.0, 2.0), harness=harness)
    assert outcome.fault is None and outcome.calls[0].returned == 2
