"""Code that reads, prints, writes files, meddles with the way back, or rebinds what it runs on."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from tutor.runner import Array, Call, Job
from tutor.runner.runner import LISTS, read_result


def test_reading_standard_input_finds_nothing(run):
    outcome = run("import sys, os\ndef f():\n    return sys.stdin.read(), os.read(0, 10) == b''", ())
    assert outcome.calls[0].returned == ("", True)


def test_endless_output_is_stopped_and_cut(run):
    outcome = run("def f():\n    while True:\n        print('spam' * 1000)", ())
    assert (outcome.fault.kind, outcome.fault.line) == ("output", 3)
    assert outcome.output_cut
    assert outcome.output.endswith("... cut here, after 2,000 characters\n")
    assert len(outcome.output) < 2_100


def test_endless_output_that_ignores_errors_is_stopped(run):
    source = """
        import os
        def f():
            while True:
                try:
                    os.write(2, b"x" * 65536)
                except OSError:
                    pass
    """
    outcome = run(source, ())
    assert (outcome.fault.kind, outcome.output_cut) == ("output", True)


def test_much_output_is_cut_and_the_result_still_comes(run):
    outcome = run("def f():\n    print('σ' * 100_000)\n    return 1", ())
    assert outcome.calls[0].returned == 1
    assert outcome.output.startswith("σ" * 2_000 + "\n...")


def test_control_characters_are_shown_and_not_obeyed(run):
    source = r"""
        def f():
            print("\x1b[2J\x07a\rb\x9b31m\u202e\x7f\ttab")
            raise ValueError("\x1b]0;title\x07")
    """
    outcome = run(source, ())
    assert outcome.output == "␛[2J␇a␍b\\x9b31m\\u202e␡\ttab\n"
    assert "␛]0;title␇" in outcome.fault.message
    assert "\x1b" not in outcome.fault.traceback


def test_bytes_that_are_no_text_are_replaced(run):
    assert run("import os\ndef f():\n    os.write(1, b'a\\xffb\\xc3')", ()).output == "a\ufffdb\ufffd"


def test_files_vanish_with_the_working_folder(run, left_behind):
    source = """
        import os, tempfile
        def f():
            open("here.txt", "w").write("x")
            os.makedirs("a/b/c")
            open(os.path.expanduser("~/home.txt"), "w").write("x")
            os.symlink("/nowhere", "a/link")
            os.chmod("a", 0)
            tempfile.mkdtemp()
            return os.getcwd(), os.listdir()
    """
    folder, names = run(source, ()).calls[0].returned
    assert not Path(folder).exists()
    assert left_behind() == set()
    assert {"here.txt", "a", "home.txt"} <= set(names)


@pytest.mark.parametrize("put", ["os.symlink({0!r}, here)", "os.rename({0!r}, here)", "open(here, 'w').close()"])
def test_code_that_puts_something_in_the_place_of_its_folder_loses_nothing(run, tmp_path, put):
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "kept").write_text("x")
    source = f"""
        import os
        def f():
            here = os.getcwd()
            os.rename(here, {str(tmp_path / "moved")!r})
            {put.format(str(precious))}
            return here
    """
    (call,) = run(source, ()).calls
    here = Path(call.returned)
    kept = here / "kept" if "rename({" in put else precious / "kept"
    assert kept.read_text() == "x"
    here.rename(tmp_path / "put")


def test_a_great_many_files_vanish(run, left_behind):
    source = """
        def f():
            for number in range(2000):
                open(str(number), "w").close()
    """
    assert run(source, ()).fault is None
    assert left_behind() == set()


def test_a_folder_of_absurd_depth_vanishes(run, left_behind):
    source = """
        import os
        def f():
            for _ in range(3000):
                os.mkdir("d")
                os.chdir("d")
    """
    assert run(source, ()).fault is None
    assert left_behind() == set()


def test_a_file_beyond_the_limit_is_refused(run):
    fault = run("def f():\n    open('big', 'wb').write(bytes(20 << 20))", ()).fault
    assert (fault.kind, fault.line) == ("raised", 2)
    assert "File too large" in fault.message


def test_open_files_are_limited(run):
    fault = run("def f():\n    return len([open('/dev/null') for _ in range(1000)])", ()).fault
    assert "Too many open files" in fault.message


def test_nothing_of_the_parents_is_open_and_little_of_its_environment_is_there(limited, monkeypatch, tmp_path):
    monkeypatch.setenv("SECRET_TOKEN", "x")
    source = """
        import os
        def f():
            numbers = [n for n in os.listdir("/proc/self/fd") if os.path.exists(f"/proc/self/fd/{n}")]
            links = [os.readlink(f"/proc/self/fd/{n}") for n in numbers]
            return [link[:5] for link in links], dict(os.environ)
    """
    with (tmp_path / "open").open("w"):
        links, environment = limited(seconds=600.0)(source, ()).calls[0].returned
    assert set(links) <= {"pipe:", "/dev/"}
    assert "SECRET_TOKEN" not in environment


# --- the channel of the result ----------------------------------------------------------------------------------------


def test_closing_every_file_descriptor(run):
    assert run("import os\ndef f():\n    os.closerange(0, 256)\n    return 1", ()).fault.kind == "exited"


def test_closing_every_file_descriptor_and_looping(run_briefly):
    source = "import os\ndef f():\n    os.closerange(0, 256)\n    while True: pass"
    assert run_briefly(source, ()).fault.kind == "timeout"


def test_writing_to_every_file_descriptor(run):
    source = """
        import os
        def f():
            for number in range(3, 20):
                try:
                    os.write(number, b"\\n<0123 2>{}ready\\n" * 1000)
                except OSError:
                    pass
            return 1
    """
    assert run(source, ()).calls[0].returned == 1


def test_bytes_that_may_stand_for_signals_end_nothing(run):
    source = """
        import os
        def f():
            for number in range(3, 20):
                try:
                    os.write(number, bytes(range(256)) * 200)
                except OSError:
                    pass
            return 1
    """
    assert run(source, ()).calls[0].returned == 1


def test_flooding_every_file_descriptor(run_briefly):
    source = """
        import os
        def f():
            while True:
                for number in range(3, 10):
                    try:
                        os.write(number, b"x" * 60000)
                    except OSError:
                        pass
    """
    assert run_briefly(source, ()).fault.kind in ("timeout", "exited")


ONE = Job("", "f", ((0,),))
FACTS = {"returned": 1.0, "changed": [0], "seconds": 0}


def _result(*calls: dict[str, object]) -> bytes:
    return json.dumps({"calls": calls, "fault": None}).encode()


def test_a_result_that_makes_sense_is_read():
    assert read_result(_result(FACTS), ONE) == ((Call(1.0, changed=(0,)),), None)


@pytest.mark.parametrize("body", ["", "[]", "{}", "null", "\xff", "[" * 100_000, '{"calls": [%s], "fault": null}'])
def test_a_result_that_makes_no_sense_is_a_fault(body):
    many = ",".join(["[]"] * (LISTS + 1))
    assert read_result(body.replace("%s", many).encode("latin-1"), ONE)[1].kind == "exited"


@pytest.mark.parametrize(
    "array",
    [
        ([3], "float64", [1.0]),
        ([-1, -1], "float64", [1.0]),
        ([1], "O", [1.0]),
        ([1], "int64", ["x"]),
        ([1], "int64", [math.nan]),
        ([1], "int64", [2**63]),
        ([1], "uint8", [-1]),
        ([1], "int8", [128]),
        ([1], "int8", [True]),
        ([1], "bool", [1]),
        ([1], "float64", [10**400]),
        ([1], "float96", [1.0]),
    ],
)
def test_an_array_that_makes_no_sense_is_a_fault(array):
    assert read_result(_result({**FACTS, "returned": {"array": array}}), ONE)[1].kind == "exited"


@pytest.mark.parametrize("facts", [{"changed": [1]}, {"changed": [-1]}, {"changed": ["x"]}, {"seconds": 10**400}])
def test_facts_of_a_call_that_make_no_sense_are_a_fault(facts):
    assert read_result(_result({**FACTS, **facts}), ONE)[1].kind == "exited"


def test_more_calls_than_were_asked_for_are_a_fault():
    assert read_result(_result(FACTS, FACTS), ONE)[1].kind == "exited"


def test_a_frame_with_the_token_stolen_says_no_more_than_its_values(run):
    source = """
        import os, sys
        def f(x):
            frame = sys._getframe()
            while "token" not in frame.f_locals:
                frame = frame.f_back
            body = b'{"calls": [{"returned": 7, "changed": [], "seconds": "x"}]}'
            mark = frame.f_locals["token"].encode()
            os.write(frame.f_locals["results"], b"\\n<%s %d>%s" % (mark, len(body), body))
            return x
    """
    outcome = run(source, (1,))
    assert (outcome.calls, outcome.fault.kind) == ((), "exited")


def test_python_rebound_under_our_feet(run):
    source = """
        import builtins, json, os, sys, time, traceback
        NAMES = ("len", "isinstance", "issubclass", "type", "repr", "dict", "list", "str", "int", "min")
        def f(x):
            y = x + 1
            for name in NAMES:
                setattr(builtins, name, None)
            os.write = os._exit = os.getpid = time.perf_counter = None
            json.dumps = json.loads = json.JSONEncoder = None
            sys.modules.clear()
            traceback.TracebackException = None
            return y
    """
    outcome = run(source, (1,))
    assert outcome.fault is None
    assert outcome.calls[0].returned == 2


def test_numpy_rebound_under_our_feet(run):
    source = """
        for name in dir(np):
            if not name.startswith("__"):
                try:
                    setattr(np, name, None)
                except Exception:
                    pass
        def f(x):
            return x * 2
    """
    outcome = run(source, (Array((2,), "float64", [1.0, 2.0]),))
    assert outcome.calls[0].returned == Array((2,), "float64", [2.0, 4.0])


def test_a_tracer_of_its_own(run):
    source = """
        import sys
        def f():
            sys.settrace(lambda *a: 1 / 0)
            x = 1
            return x
    """
    assert run(source, ()).calls[0].returned == 1


def test_a_small_recursion_limit(run):
    outcome = run("import sys\ndef f():\n    sys.setrecursionlimit(20)\n    return [[[[[[[[1]]]]]]]]", ())
    assert outcome.calls or outcome.fault.kind == "raised"
