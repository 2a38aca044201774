"""Code that works: what comes back from it."""

from __future__ import annotations

import math

import pytest

from tutor.runner import Array, Opaque

VECTOR = Array((2,), "float64", [1.0, 2.0])


def test_values_come_back(run):
    outcome = run("def f(x, y):\n    return x + y, x * y", (2.0, 3.0), (VECTOR, 10.0))
    assert outcome.fault is None
    assert [call.returned for call in outcome.calls] == [
        (5.0, 6.0),
        (Array((2,), "float64", [11.0, 12.0]), Array((2,), "float64", [10.0, 20.0])),
    ]


def test_numpy_is_there_with_and_without_an_import(run):
    outcome = run("import numpy\ndef f(x):\n    return np.exp(x), numpy.float32(x), np.int64(3)", (0.0,))
    assert outcome.calls[0].returned == (1.0, 0.0, 3)
    assert [type(value) for value in outcome.calls[0].returned] == [float, float, int]


def test_arguments_are_what_they_were_sent_as(run):
    source = """
        def f(*arguments):
            return [type(a).__name__ for a in arguments] + [arguments[4].dtype.name, arguments[5] == {1: (2,)}]
    """
    arguments = (1, True, None, "text", Array((2, 1), "int64", [1, 2]), {1: (2,)}, [1.5])
    names = ["int", "bool", "NoneType", "str", "ndarray", "dict", "list", "int64", True]
    assert run(source, arguments).calls[0].returned == names


def test_not_a_number_and_infinities_cross_both_ways(run):
    (call,) = run("def f(a, x):\n    return a, -x, np.nan", (Array((1,), "float64", [math.nan]), math.inf)).calls
    array, minus, nan = call.returned
    assert math.isnan(array.data[0])
    assert minus == -math.inf
    assert math.isnan(nan)


def test_an_opaque_argument_is_refused(run):
    with pytest.raises(TypeError, match="generator"):
        run("def f(x):\n    return x", (Opaque("generator", ""),))


def test_arguments_changed_in_place_are_noticed(run):
    source = """
        def f(a, b, c, d):
            a += 1
            c.append(2)
            d[0] = d[0]
            return b * 2
    """
    nan = Array((1,), "float64", [math.nan])
    (call,) = run(source, (VECTOR, VECTOR, [1], nan)).calls
    assert call.changed == (0, 2)


def test_each_call_gets_fresh_arguments(run):
    outcome = run("def f(a):\n    a *= 2\n    return a", (VECTOR,), (VECTOR,))
    assert [call.returned.data for call in outcome.calls] == [[2.0, 4.0], [2.0, 4.0]]


def test_what_a_call_returned_does_not_change_with_the_next(run):
    outcome = run("seen = []\ndef f(x):\n    seen.append(x)\n    return seen", (1,), (2,))
    assert [call.returned for call in outcome.calls] == [[1], [1, 2]]


def test_the_calls_before_a_fault_are_kept(run):
    outcome = run("def f(x):\n    return 6 // x", (1,), (0,), (2,))
    assert [call.returned for call in outcome.calls] == [6]
    assert outcome.fault.kind == "raised"


def test_the_entry_may_be_a_class(run):
    source = """
        class Value:
            def __init__(self, data):
                self.data = data
    """
    (call,) = run(source, (1.0,), entry="Value").calls
    assert call.returned == Opaque("Value", "an object of type Value")


def test_a_harness_makes_the_calls(run):
    source = """
        class Mul:
            @staticmethod
            def forward(context, a, b):
                context["saved"] = a, b
                product = a * b
                return product

            @staticmethod
            def backward(context, upstream):
                a, b = context["saved"]
                upstream *= 1
                return upstream * b, upstream * a
    """
    harness = """
def drive(namespace, calls):
    for a, b, upstream in calls:
        context = {}
        product = call(namespace["Mul"].forward, context, a, b)
        call(namespace["Mul"].backward, context, np.full_like(product, upstream))
"""
    outcome = run(source, (VECTOR, VECTOR, 3.0), entry="Mul", harness=harness)
    forward, backward = outcome.calls
    assert forward.returned.data == [1.0, 4.0]
    assert forward.changed == (0,)
    assert [part.data for part in backward.returned] == [[3.0, 6.0], [3.0, 6.0]]


def test_output_of_both_kinds_is_kept_in_order(run):
    source = """
        import os, sys
        def f():
            print("one")
            print("two", file=sys.stderr)
            os.write(1, b"three\\n")
            os.system("echo four")
    """
    outcome = run(source, ())
    assert outcome.fault is None
    assert outcome.output == "one\ntwo\nthree\nfour\n"
    assert not outcome.output_cut


def test_a_warning_is_shown_once_on_one_line(run):
    source = """
        import warnings
        def f(x):
            for _ in range(3):
                y = x / 0
            warnings.warn("old", DeprecationWarning)
            return y
    """
    outcome = run(source, (VECTOR,), (VECTOR,))
    assert outcome.output == (
        "line 5: RuntimeWarning: divide by zero encountered in divide\nline 6: DeprecationWarning: old\n"
    )


def test_a_warning_is_shown_once_although_filters_change(run):
    source = """
        import warnings
        def f(x):
            for _ in range(3):
                with warnings.catch_warnings():
                    y = x / 0
                y = x / 0
            return y
    """
    output = run(source, (VECTOR,)).output
    assert [line.split(":")[0] for line in output.splitlines()] == ["line 6", "line 7"]


def test_nothing_of_the_learners_main_block_runs(run):
    assert run('def f():\n    return 1\nif __name__ == "__main__":\n    raise SystemExit', ()).fault is None


def test_dataclasses_and_annotations_work(run):
    source = """
        from __future__ import annotations
        from dataclasses import dataclass
        @dataclass
        class Point:
            x: float
        def f():
            return Point(2.0).x
    """
    assert run(source, ()).calls[0].returned == 2.0
