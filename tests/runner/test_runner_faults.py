"""Code that fails in ordinary ways: the kind, the sentence, the line, the traceback."""

from __future__ import annotations

import io
import re

import pytest

from tutor.runner import Array
from tutor.runner.child.protocol import CROWDED, frame, pack, unframe, unpack
from tutor.runner.jobs import Limits
from tutor.runner.runner import dumped_frames, ended, out_of_time


def test_a_syntax_error_is_shown_with_its_line_and_caret(run):
    fault = run("def f(x):\n    return (x +\n", ()).fault
    assert (fault.kind, fault.line) == ("syntax", 2)
    assert fault.message == "Python cannot read your code on line 2: '(' was never closed."
    assert 'File "your code", line 2' in fault.traceback
    assert "^" in fault.traceback


@pytest.mark.parametrize("source", ["x = \0", "f = '\ud800'", "(" * 5000, "x = " + "9" * 10_000])
def test_a_source_that_no_parser_takes_is_a_syntax_fault(run, source):
    assert run(source, ()).fault.kind == "syntax"


def test_a_source_too_deep_for_the_parser_is_told_why(run):
    assert "nested too deep" in run("f = " + "-" * 200_000 + "1", ()).fault.message


def test_a_missing_function_is_named_with_the_nearest_that_is_there(run):
    fault = run("def forwrad(x):\n    return x", (1,), entry="forward").fault
    assert fault.kind == "missing"
    assert fault.message == "Your code does not define `forward`. It does define `forwrad`."


def test_an_entry_that_cannot_be_called_is_missing(run):
    fault = run("f = 3", (1,)).fault
    assert fault.kind == "missing"
    assert "type int" in fault.message


def test_a_missing_module_is_an_import_fault(run):
    fault = run("import numpy\nimport no_such_module\ndef f():\n    pass", ()).fault
    assert (fault.kind, fault.line) == ("import", 2)
    assert "no_such_module" in fault.message


def test_what_python_says_of_a_line_that_it_cannot_read_is_a_field(run):
    fault = run("def f(x):\n    return 2x", (1,)).fault
    assert (fault.kind, fault.line, fault.error) == ("syntax", 2, "")
    assert fault.detail == "invalid decimal literal"


def test_a_traceback_shows_the_learners_frames_and_text_only(run):
    source = """
        def helper(c):
            return np.linalg.inv(c)

        def f(c):
            return helper(c)
    """
    fault = run(source, (Array((2, 2), "float64", [0.0] * 4),)).fault
    assert (fault.kind, fault.line) == ("raised", 3)
    assert fault.message == "Your code raised LinAlgError on line 3: Singular matrix."
    lines = fault.traceback.splitlines()
    assert [line for line in lines if "File" in line] == [
        '  File "your code", line 6, in f',
        '  File "your code", line 3, in helper',
    ]
    assert "    return np.linalg.inv(c)" in lines


def test_the_exception_that_led_to_another_keeps_no_frames_of_ours_either(run):
    source = """
        def f(x):
            try:
                x / 0
            except ZeroDivisionError as error:
                raise ValueError("bad x") from error
    """
    fault = run(source, (1,)).fault
    assert fault.line == 6
    assert fault.traceback.count("Traceback") == 2
    assert fault.traceback.count("File ") == fault.traceback.count('File "your code"') == 2


def test_a_call_with_the_wrong_number_of_arguments_points_at_the_def(run):
    fault = run("import numpy as np\n\ndef f(x):\n    return x", (1, 2)).fault
    assert fault.line == 3
    assert "takes 1 positional argument but 2 were given" in fault.message


def test_an_error_at_the_top_of_the_module_has_its_line(run):
    assert run("a = 1\nb = a + undefined\n", ()).fault.line == 2


def test_a_deep_recursion_is_raised_with_a_short_traceback(run):
    fault = run("def f(x):\n    return f(x + 1)", (1,)).fault
    assert (fault.kind, fault.line) == ("raised", 2)
    assert fault.message == "Your code called itself too many times on line 2."
    assert len(fault.traceback) < 5_000


def test_reading_the_keyboard_is_explained(run):
    fault = run("def f():\n    return input('x? ')", ()).fault
    assert fault.message == "Your code waited for keyboard input on line 2; there is none here."


def test_an_endless_loop_is_stopped_at_its_line(run_until):
    outcome = run_until(lambda outcome: outcome.fault.line, "def f(x):\n    while True:\n        x = x + 1", (0,))
    assert outcome.fault.kind == "timeout"
    assert re.match(r"Your code was still running after [\d.]+ seconds, on line [23]\.$", outcome.fault.message)
    assert outcome.fault.line in (2, 3)
    assert 'File "your code", line' in outcome.fault.traceback
    assert "worker" not in outcome.fault.traceback


def test_an_endless_loop_inside_one_operation_has_its_line(run_until):
    source = "def f():\n    a = 1\n    return 10 ** 10 ** 10"
    fault = run_until(lambda outcome: outcome.fault.line, source, ()).fault
    assert (fault.kind, fault.line) == ("timeout", 3)


def test_what_was_printed_before_a_timeout_is_shown(run_until):
    source = "def f():\n    print('here', end='')\n    while True: pass"
    assert run_until(lambda outcome: outcome.output, source, ()).output == "here"


def test_the_main_thread_is_found_in_a_dump():
    dump = b"""Timeout (0:00:00.450000)!
Thread 0x01 (most recent call first):
  File "/x/threading.py", line 324 in wait
  File "your code", line 9 in worker
Thread 0x02 (most recent call first):
  File "your code", line 3 in g
  File "your code", line 5 in f
  File "/x/child/worker.py", line 70 in perform
"""
    assert dumped_frames(dump) == [(5, "f"), (3, "g")]
    assert dumped_frames(b"no frames") == []


def test_each_way_of_ending_has_its_sentence():
    limits = Limits()
    assert ended(3, b"", limits).kind == "exited"
    assert ended(-24, b"", limits).kind == "timeout"
    assert "SIGSEGV" in ended(-11, b"", limits).message
    assert "memory" in ended(-9, b"", limits).message
    assert "signal 99" in ended(-99, b"", limits).message
    assert "more than 16 other processes" in ended(CROWDED, b"", limits).message


def test_a_packed_message_is_read_back_and_a_broken_one_is_none():
    data = pack({"text": "σ\ud800"})
    for length in range(len(data)):
        assert unpack(_reader(data[:length])) is None
    assert unpack(_reader(data)) == {"text": "σ\ud800"}


def test_a_frame_is_found_among_noise_and_only_when_it_is_whole():
    data = b"ready\nnoise <abc 4>" + frame("abc", {"a": 1}) + b"more"
    whole = data.index(b"}") + 1
    assert unframe(data, "abc") == b'{"a": 1}'
    assert all(unframe(data[:length], "abc") is None for length in range(whole))
    assert unframe(data, "abd") is None
    assert unframe(b"\n<abc x>{}", "abc") is None
    assert unframe(b"\n<abc " + b"9" * 10_000 + b">{}", "abc") is None


class InParts(io.RawIOBase):
    """A pipe that brings no more than three bytes at a time."""

    def __init__(self, data: bytes) -> None:
        self._rest = data

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        part, self._rest = self._rest[:3], self._rest[3:]
        buffer[: len(part)] = part
        return len(part)


def _reader(data: bytes) -> io.BufferedReader:
    return io.BufferedReader(InParts(data))


def test_time_that_runs_out_with_much_memory_in_use():
    limits = Limits()
    assert out_of_time(limits, b"", False, 1_000_000).message == "Your code was still running after 1.8 seconds."
    much = out_of_time(limits, b"", False, 200_000_000).message
    assert much.startswith("Your code was still running after 1.8 seconds, and had taken 200 MB of memory by then.")
