"""Code that does harm, by accident or for fun: each ends in an Outcome, and nothing is left of it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.runner import Array, Opaque
from tutor.runner.runner import _read_result

# --- ending, signals, processes ---------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["import sys; sys.exit(3)", "exit()"])
def test_exit(run, way):
    fault = run(f"def f():\n    {way}", ()).fault
    assert (fault.kind, fault.line) == ("exited", 2)


@pytest.mark.parametrize("code", [0, 3])
def test_hard_exit(run, code):
    outcome = run(f"import os\ndef f():\n    print('bye')\n    os._exit({code})", ())
    assert outcome.fault.kind == "exited"
    assert f"exit code {code}" in outcome.fault.message
    assert outcome.output == "bye\n"


def test_kill_itself(run):
    fault = run("import os\ndef f():\n    os.kill(os.getpid(), 9)", ()).fault
    assert fault.kind == "killed"
    assert "SIGKILL" in fault.message


def test_kill_its_group(run):
    assert run("import os\ndef f():\n    os.kill(0, 9)", ()).fault.kind == "killed"


def test_stop_itself(run_briefly):
    assert run_briefly("import os\ndef f():\n    os.kill(os.getpid(), 19)", ()).fault.kind == "timeout"


def test_signals_to_others_are_refused(run):
    source = """
        import os
        def refused(send, *arguments):
            try:
                send(*arguments)
            except PermissionError:
                return True
        def f():
            parent = os.getppid()
            return [
                refused(os.kill, parent, 0),
                refused(os.kill, -1, 0),
                refused(os.kill, 1, 0),
                refused(os.killpg, os.getpgid(parent), 0),
                refused(os.kill, -os.getpgid(parent), 0),
            ]
    """
    assert run(source, ()).calls[0].returned == [True] * 5


def test_abort(run):
    fault = run("import os\ndef f():\n    os.abort()", ()).fault
    assert (fault.kind, fault.line) == ("killed", 3)
    assert "SIGABRT" in fault.message


def test_crash_of_the_interpreter(run):
    fault = run("import ctypes\ndef f():\n    ctypes.string_at(0)", ()).fault
    assert (fault.kind, fault.line) == ("killed", 3)
    assert "SIGSEGV" in fault.message


def test_deep_recursion_without_a_limit_ends(run_briefly):
    source = """
        import sys
        sys.setrecursionlimit(10 ** 9)
        class A:
            def __repr__(self):
                return repr(self)
        def f():
            return repr(A())
    """
    assert run_briefly(source, ()).fault.kind in ("killed", "memory", "raised", "timeout")


@pytest.mark.parametrize("error", ["KeyboardInterrupt", "GeneratorExit", "BaseException('x')"])
def test_base_exceptions(run, error):
    fault = run(f"def f():\n    raise {error}", ()).fault
    assert (fault.kind, fault.line) == ("raised", 2)


def test_ignored_signals_do_not_save_a_loop(run_briefly):
    source = """
        import signal
        def f():
            for number in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            while True:
                try:
                    while True: pass
                except BaseException:
                    pass
    """
    assert run_briefly(source, ()).fault.kind == "timeout"


def test_an_alarm_does_not_reach_the_result(run):
    source = """
        import signal
        def boom(*_):
            raise RuntimeError
        signal.signal(signal.SIGALRM, boom)
        def f():
            signal.setitimer(signal.ITIMER_REAL, 0.0001, 0.0001)
            try:
                return 1
            except RuntimeError:
                return 2
    """
    outcome = run(source, ())
    assert outcome.calls or outcome.fault.kind in ("raised", "exited")


def test_cpu_time_is_limited(limited):
    fault = limited(seconds=600.0, cpu_seconds=0.1)("def f():\n    while True: pass", ()).fault
    assert fault.kind == "timeout"
    assert "processor time" in fault.message


def test_daemon_threads_left_behind(run):
    source = """
        import threading
        def spin():
            while True: pass
        def f():
            threading.Thread(target=spin, daemon=True).start()
            return 1
    """
    assert run(source, ()).calls[0].returned == 1


def test_other_threads_left_behind(run):
    source = """
        import threading
        def f():
            for _ in range(3):
                threading.Thread(target=threading.Event().wait).start()
            return 1
    """
    assert run(source, ()).calls[0].returned == 1


def test_an_exit_handler_does_not_run(run):
    outcome = run("import atexit\ndef f():\n    atexit.register(print, 'late')\n    return 1", ())
    assert (outcome.calls[0].returned, outcome.output) == (1, "")


def test_threads_without_end(run, left_behind):
    source = """
        import threading
        def f():
            while True:
                threading.Thread(target=threading.Event().wait).start()
    """
    assert run(source, ()).fault.kind in ("raised", "memory")
    assert left_behind() == set()


def test_a_thread_that_lets_no_other_run(run_briefly, left_behind):
    source = """
        import sys, threading
        def spin():
            while True: pass
        def f():
            sys.setswitchinterval(1000)
            threading.Thread(target=spin).start()
            return 1
    """
    run_briefly(source, ())
    assert left_behind() == set()


def test_fork_bomb_in_python(run_briefly, left_behind):
    source = """
        import os
        def f():
            while True:
                try:
                    os.fork()
                except OSError:
                    pass
    """
    assert run_briefly(source, ()).fault.kind in ("timeout", "killed")
    assert left_behind() == set()


def test_a_fork_too_many_is_refused(run):
    source = """
        import os
        def f():
            while True:
                if os.fork() == 0:
                    os._exit(0)
    """
    fault = run(source, ()).fault
    assert (fault.kind, fault.line) == ("raised", 5)
    assert "16 processes" in fault.message


@pytest.mark.parametrize("bomb", ["b() { b | b & sleep 0.1; }; b", "while :; do sleep 600 & done"])
def test_fork_bomb_of_a_shell(run, left_behind, bomb):
    source = f"""
        import subprocess
        def f():
            subprocess.run(["sh", "-c", {bomb + "; sleep 600"!r}])
    """
    fault = run(source, ()).fault
    assert fault.kind == "killed"
    assert "more than 16 other processes" in fault.message
    assert left_behind() == set()


def test_some_processes_are_no_bomb(run, left_behind):
    source = """
        import os, subprocess, sys
        def f():
            print("one", flush=True)
            return subprocess.run("echo two | cat; sleep 0; echo three", shell=True).returncode
    """
    outcome = run(source, ())
    assert (outcome.calls[0].returned, outcome.output) == (0, "one\ntwo\nthree\n")
    assert left_behind() == set()


def test_a_fork_that_returns_twice_reports_once(run):
    outcome = run("import os\ndef f():\n    return os.fork() > 0", ())
    assert [call.returned for call in outcome.calls] == [True]


@pytest.mark.parametrize("ending", ["return 1", "os._exit(0)", "os.kill(os.getpid(), 9)", "while True: pass"])
def test_a_daemon_of_its_own_does_not_live_on(run_briefly, left_behind, ending):
    source = f"""
        import os, time
        def f():
            if os.fork() == 0:
                os.setsid()
                if os.fork() == 0:
                    os.environ.clear()
                    os.chdir("/")
                    time.sleep(60)
                os._exit(0)
            {ending}
    """
    run_briefly(source, ())
    assert left_behind() == set()


def test_a_detached_program_does_not_live_on(run, left_behind):
    source = """
        import subprocess
        def f():
            subprocess.Popen(["sleep", "60"], start_new_session=True)
            return 1
    """
    assert run(source, ()).calls[0].returned == 1
    assert left_behind() == set()


# --- input, output, files ---------------------------------------------------------------------------------


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


# --- the channel of the result ----------------------------------------------------------------------------


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


def test_a_result_that_makes_no_sense_is_a_fault():
    for body in (b"", b"[]", b"{}", b"null", b"\xff", b'{"calls": [{}], "fault": null}', b"[" * 100_000):
        assert _read_result(body, "f")[1].kind == "exited"
    for array in (b'[3], "float64", [1.0]', b'[-1, -1], "float64", [1.0]', b'[1], "O", [1.0]', b'[1], "int64", ["x"]'):
        facts = b'{"returned": {"array": [%s]}, "locals": {}, "history": [], "changed": [], "seconds": 0}' % array
        assert _read_result(b'{"calls": [%s], "fault": null}' % facts, "f")[1].kind == "exited"


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


# --- memory -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("big", ["np.ones((10**6, 10**6))", "np.zeros((40_000, 40_000))", "[0] * 10**10"])
def test_more_memory_than_there_is(run, big):
    fault = run(f"def f():\n    return {big}", ()).fault
    assert (fault.kind, fault.line) == ("memory", 2)


def test_memory_filled_bit_by_bit(limited):
    source = """
        def f():
            kept = []
            while True:
                kept.append(np.ones(1 << 20))
    """
    fault = limited(seconds=600.0, memory_bytes=128 << 20)(source, ()).fault
    assert (fault.kind, fault.line) == ("memory", 5)


def test_memory_kept_full_while_the_result_is_sent(limited):
    source = """
        kept = []
        def f():
            try:
                while True:
                    kept.append(bytearray(1 << 16))
            except MemoryError:
                return np.arange(1000)
    """
    outcome = limited(seconds=600.0, memory_bytes=64 << 20)(source, ())
    assert outcome.fault is None or outcome.fault.kind == "memory"


# --- what is returned -------------------------------------------------------------------------------------

HOSTILE = """
import os
def no(*_a, **_k):
    os._exit(9)
class Meta(type):
    __instancecheck__ = __subclasscheck__ = __repr__ = __eq__ = __hash__ = no
    def __getattribute__(cls, name):
        os._exit(9)
class A(metaclass=Meta):
    __array__ = __eq__ = __repr__ = __str__ = __reduce__ = __iter__ = __len__ = __bool__ = __hash__ = no
    __float__ = __int__ = __index__ = __getattr__ = __array_interface__ = __array_struct__ = no
    __class__ = property(no)
class F(float):
    __repr__ = __float__ = __eq__ = __str__ = __format__ = no
class I(int):
    __repr__ = __int__ = __index__ = __eq__ = __str__ = bit_length = no
class S(str):
    __repr__ = __str__ = __len__ = __eq__ = encode = no
class L(list):
    __iter__ = __len__ = __getitem__ = __eq__ = no
class D(dict):
    __iter__ = __len__ = items = keys = __getitem__ = no
class N(np.ndarray):
    __eq__ = tolist = astype = view = reshape = __array_ufunc__ = __array_function__ = tobytes = no
    dtype = shape = size = property(no)
class G(np.float64):
    item = __float__ = __repr__ = __eq__ = tolist = no
"""
AN_A = Opaque("A", "an object of type A")
MADE = [
    ("A()", AN_A),
    ("A", Opaque("Meta", "an object of type Meta")),
    ("F(1.5)", 1.5),
    ("I(7)", 7),
    ("S('text')", "text"),
    ("L([1, 2])", [1, 2]),
    ("D(a=1)", {"a": 1}),
    ("np.ndarray.view(np.ones(2), N)", Array((2,), "float64", [1.0, 1.0])),
    ("G(2.5)", 2.5),
    ("[A(), {1: A()}]", [AN_A, {1: AN_A}]),
]
BIG = "an array of shape (100000, 100000) and type float64, too large to look at"
KINDS = [
    ("(i for i in range(3))", Opaque("generator", "an object of type generator")),
    ("f", Opaque("function", "an object of type function")),
    ("{1, 2}", Opaque("set", "an object of type set")),
    ("1 + 2j", Opaque("complex", "(1+2j)")),
    ("np.complex128(1j)", Opaque("complex128", "1j")),
    ("np.array([1j])", Opaque("ndarray", "an array of shape (1,) and type complex128")),
    ("np.array([{}, None])", Opaque("ndarray", "an array of shape (2,) and type object")),
    ("np.array(['a'])", Opaque("ndarray", "an array of shape (1,) and type other")),
    ("np.datetime64('2020-01-01')", Opaque("datetime64", "a NumPy value of type datetime64")),
    ("np.longdouble(0.5)", Opaque("longdouble", "a NumPy value of type longdouble")),
    ("10 ** 5000", Opaque("int", "a whole number of 16,610 binary digits")),
    ("'x' * 20_000", Opaque("str", "a text of 20,000 characters")),
    ("np.matrix([[1.0, 2.0]])", Array((1, 2), "float64", [1.0, 2.0])),
    ("np.float16(0.5), np.bool_(True), np.uint8(3)", (0.5, True, 3)),
    ("np.array(2.0)", Array((), "float64", [2.0])),
    ("np.zeros((0, 3))", Array((0, 3), "float64", [])),
    ("np.arange(6).reshape(2, 3).T", Array((3, 2), "int64", [0, 3, 1, 4, 2, 5])),
    ("np.array([True, False])", Array((2,), "bool", [True, False])),
    ("np.array([2**64 - 1], dtype='uint64')", Array((1,), "uint64", [2**64 - 1])),
    ("np.broadcast_to(1.0, (10**5, 10**5))", Opaque("ndarray", BIG)),
    ("'\\x1b[2J\\ud800'", "␛[2J\\ud800"),
    ("{(1, 2): 3}", {"tuple": 3}),
    ("type('\\x1b[1m', (), {})()", Opaque("␛[1m", "an object of type ␛[1m")),
]


@pytest.mark.parametrize(("before", "made"), [(HOSTILE, MADE), ("", KINDS)])
def test_values_of_every_kind_hostile_or_not(run, before, made):
    functions = ", ".join(f"lambda: ({source})" for source, _ in made)
    source = f"{before}\nmade = [{functions}]\ndef f(k):\n    local = made[k]()\n    return local"
    outcome = run(source, *((k,) for k in range(len(made))))
    assert outcome.fault is None
    returned = [(source, call.returned) for (source, _), call in zip(made, outcome.calls, strict=True)]
    assert returned == made
    local = [(source, call.locals["local"].value) for (source, _), call in zip(made, outcome.calls, strict=True)]
    assert local == made


def test_a_long_double_is_read_as_a_double(run):
    returned = run("def f():\n    return np.array([0.5], dtype=np.longdouble)", ()).calls[0].returned
    assert (returned.shape, returned.data) == ((1,), [0.5])


def test_a_list_that_holds_itself(run):
    value = run("def f():\n    x = [1]\n    x.append(x)\n    return x", ()).calls[0].returned
    for _ in range(19):
        value = value[1]
    assert value == [1, Opaque("list", "nested too deep to look at")]


def test_a_list_that_doubles_at_every_level(run):
    source = "def f():\n    x = []\n    for _ in range(60):\n        x = [x, x]\n    return x"
    assert run(source, (), observe=False).calls


def test_an_enormous_list_is_cut_and_says_so(run):
    returned = run("def f():\n    return [0] * 10_000_000", (), observe=False).calls[0].returned
    assert len(returned) < 60_000
    assert returned[-1] == Opaque("list", f"and {10_000_000 - len(returned) + 1:,} more")


def test_an_enormous_dictionary_is_cut_and_says_so(run):
    returned = run("def f():\n    return dict.fromkeys(range(1_000_000))", (), observe=False).calls[0].returned
    assert returned["..."] == Opaque("dict", f"and {1_000_000 - len(returned) + 1:,} more")


def test_large_local_arrays_are_only_described(run):
    (call,) = run("def f():\n    a = np.ones((100, 100))\n    return a", ()).calls
    words = "an array of shape (100, 100) and type float64, too large to look at"
    assert call.locals["a"].value == Opaque("ndarray", words)
    assert call.returned.shape == (100, 100)


@pytest.mark.parametrize("method", ["__str__", "__getattribute__"])
def test_exceptions_that_cannot_be_asked(run, method):
    body = f"def {method}(self, *_):\n        raise SystemExit"
    fault = run(f"class E(Exception):\n    {body}\ndef f():\n    raise E", ()).fault
    assert fault.kind == "raised"
    assert "E" in fault.message


def test_an_object_that_loops_when_asked_is_not_asked(run):
    source = """
        class Loop:
            def __repr__(self):
                while True: pass
            __str__ = __len__ = __iter__ = __array__ = __eq__ = __repr__
        def f():
            return Loop()
    """
    assert run(source, ()).fault is None
