"""What is left when runs are over, runs that are called off, and runs that lose their parent or their supervisor."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tutor.runner import Job, Limits, Runner
from tutor.runner.child.process_tree import below, living
from tutor.runner.child.protocol import CROWDED, ended, ending

ONE = Job("def f():\n    return 1", "f", ((),))
DAEMON = """
    told, tell = os.pipe()
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.write(tell, b"x")
            os.execve(sys.executable, ["python", "-S", "-c", "import time; time.sleep(600)"], {})
        os._exit(0)
    os.read(told, 1)
"""
"""Lines of a function that start a program on its own: another session, no parent, nothing in its environment."""


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_nothing_is_left_after_many_mixed_jobs(left_behind):
    threads, files = threading.active_count(), _open_files()
    sources = [
        "def f(): return 1",
        "def f(): raise ValueError",
        "def f(",
        "import os\ndef f(): os._exit(1)",
        "import os\ndef f():\n    open('x', 'w').write('y')\n    os.kill(os.getpid(), 9)",
        "import os, time\ndef f():\n    if os.fork() == 0:\n        os.setsid(); time.sleep(600)",
        "import threading\ndef f(): threading.Thread(target=threading.Event().wait).start()",
        "def f():\n    while True: print('x' * 10_000)",
        "def f(): return np.ones((10**6, 10**6))",
    ]
    with Runner(Limits(seconds=0.3)) as runner:
        for source in sources:
            runner.run(Job(source, "f", ((),)))
        assert runner.run(Job("def f():\n    while True: pass", "f", ((),))).fault.kind == "timeout"
    assert left_behind() == set()
    assert threading.active_count() == threads
    assert _open_files() == files


def test_nothing_leaks_from_one_run_to_the_next(limited):
    source = """
        import sys
        def f():
            before = getattr(sys, "left", None)
            sys.left = 1
            np.left = 2
            return before
    """
    run = limited(seconds=60.0)
    assert [run(source, ()).calls[0].returned for _ in range(2)] == [None, None]


def test_jobs_from_several_threads_run_side_by_side(patient):
    def square(n: int) -> object:
        return patient.run(Job("def f(n):\n    return n * n", "f", ((n,),))).calls[0].returned

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(square, range(8))) == [n * n for n in range(8)]


# --- called off, or never begun ---------------------------------------------------------------------------


@pytest.mark.parametrize("stop", ["cancel", "close"])
def test_a_run_can_be_called_off(tmp_path, left_behind, stop):
    started = tmp_path / "started"
    os.mkfifo(started)
    source = f"def f():\n    open({str(started)!r}, 'w').close()\n    while True: pass"
    with Runner(Limits(seconds=600.0, cpu_seconds=600.0)) as runner, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(runner.run, Job(source, "f", ((),)))
        started.read_text()
        getattr(runner, stop)()
        assert waiting.result().fault.kind == "cancelled"
        after = runner.run(ONE)
        assert after.calls if stop == "cancel" else after.fault.kind == "cancelled"
    assert left_behind() == set()


def test_a_runner_closed_at_any_moment_of_its_start_leaves_nothing(left_behind):
    for _ in range(10):
        Runner().__enter__().close()
    assert left_behind() == set()


def test_a_python_that_does_not_start_is_no_fault_of_the_learner(monkeypatch, left_behind):
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with Runner() as runner:
        outcome = runner.run(ONE)
    assert outcome.fault.kind == "start"
    assert left_behind() == set()


@pytest.mark.parametrize(
    ("boot", "words"),
    [("print('broken\\nNo module named numpy', end='')", "No module named numpy"), ("pass", "ended at once")],
)
def test_a_numpy_that_does_not_load_is_no_fault_of_the_learner(monkeypatch, boot, words):
    monkeypatch.setattr("tutor.runner.process.BOOT", boot)
    with Runner() as runner:
        outcome = runner.run(ONE)
    assert outcome.fault.kind == "start"
    assert words in outcome.fault.message


# --- without a supervisor, without a parent -------------------------------------------------------------------


@pytest.mark.parametrize("which", ["supervisor", "worker", "both"])
def test_a_warm_process_that_has_died_is_replaced(patient, left_behind, which):
    patient.warm()
    spare = patient._spares[0]
    assert spare.await_ready() is None
    supervisor = spare._process.pid
    (worker,) = below({supervisor}, living()) - {supervisor}
    with os.fdopen(os.pidfd_open(supervisor)) as end:
        for pid in {"supervisor": [supervisor], "worker": [worker], "both": [supervisor, worker]}[which]:
            os.kill(pid, signal.SIGKILL)
        assert select.select([end], [], [], 60)[0]
    assert patient.run(ONE).calls[0].returned == 1
    assert left_behind() == set()


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGSTOP])
def test_code_that_ends_its_supervisor_ends_itself(run_briefly, left_behind, monkeypatch, number):
    monkeypatch.setattr("tutor.runner.process.ENDING_SECONDS", 600.0)
    source = f"""
        import os
        def f():
            os.mkdir("inside")
            os.system(f"sleep 600 & kill -{int(number)} {{os.getppid()}}")
            while True: pass
    """
    assert run_briefly(source, ()).fault.kind in ("killed", "timeout")
    assert left_behind() == set()


def test_code_that_stops_its_supervisor_over_and_over_is_ended(run, left_behind, monkeypatch):
    monkeypatch.setattr("tutor.runner.process.ENDING_SECONDS", 600.0)
    source = """
        import os, subprocess
        def f():
            stopping = ["sh", "-c", "while :; do kill -STOP $0; echo; done", str(os.getppid())]
            return subprocess.Popen(stopping, stdout=subprocess.PIPE, start_new_session=True).stdout.read(1)
    """
    run(source, ())
    assert left_behind() == set()


def test_a_great_many_files_are_deleted_when_the_verdict_is_there(patient, monkeypatch, left_behind):
    monkeypatch.setattr("tutor.runner.process.FILES_SECONDS", 0.0)
    patient.warm()
    supervisor = patient._spares[0]._process.pid
    source = "def f():\n    for n in range(2000): open(str(n), 'w').close()\n    return 1"
    with os.fdopen(os.pidfd_open(supervisor)) as end:
        assert patient.run(Job(source, "f", ((),))).calls
        assert select.select([end], [], [], 60)[0]
    assert left_behind() == set()


@pytest.mark.parametrize("body", ["return 1", "while True: pass", "os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_a_program_started_on_its_own_does_not_live_on(run_briefly, tmp_path, body):
    """It holds one end of a pipe that we read: the end of the pipe is the end of the program."""
    fifo = tmp_path / "life"
    os.mkfifo(fifo)
    life = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    hold = f"    os.set_inheritable(os.open({str(fifo)!r}, os.O_WRONLY), True)"
    run_briefly(f"import os, sys\ndef f():\n{hold}\n{DAEMON}\n    {body}", ())
    assert os.read(life, 1) == b""
    os.close(life)


@pytest.mark.parametrize("body", ["while True: pass", "time.sleep(600)", "10 ** 10 ** 10", "daemon()"])
def test_a_parent_that_is_killed_takes_its_runs_along(tmp_path, body):
    """Also one that never lets another thread of its process run, and programs started on their own."""
    fifo = tmp_path / "life"
    os.mkfifo(fifo)
    learner = f"""
import os, sys, time
def daemon():
{DAEMON}
def f():
    life = os.open({str(fifo)!r}, os.O_WRONLY)
    os.set_inheritable(life, True)
    os.write(life, f"{{os.getppid()}} {{os.getcwd()}}".encode())
    {body}
    time.sleep(600)
"""
    parent = (
        "from tutor.runner import *\n"
        f"Runner(Limits(seconds=600.0, cpu_seconds=600.0)).run(Job({learner!r}, 'f', ((),)))"
    )
    process = subprocess.Popen([sys.executable, "-c", parent])
    with fifo.open("rb", buffering=0) as life:
        supervisor, folder = life.read(1000).split(maxsplit=1)
        with os.fdopen(os.pidfd_open(int(supervisor))) as end:
            process.kill()
            process.wait()
            assert select.select([end], [], [], 60)[0]
        assert life.read(1) == b""
    assert not Path(folder.decode()).exists()


def test_the_last_words_of_the_supervisor_are_told_from_the_same_words_earlier():
    assert ended(b"noise" + ending(-9)) == -9
    assert ended(ending(0) + b"more") is None
    assert ended(ending(CROWDED)) == CROWDED
    assert ended(b"") is None


# --- what it costs the program ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("use", "absent"),
    [
        ("from tutor.runner import harmless", {"subprocess", "dataclasses", "tutor.runner.jobs"}),
        ("from tutor.runner import Runner; Runner()", {"subprocess", "tempfile", "tutor.runner.process"}),
    ],
)
def test_what_is_not_used_yet_is_not_loaded_yet(use, absent):
    done = subprocess.run(
        [sys.executable, "-c", f"import sys\n{use}\nprint(*sys.modules)"], capture_output=True, text=True, check=True
    )
    assert "tutor.runner" in done.stdout.split()
    assert not absent & set(done.stdout.split())


def test_every_name_is_found_and_no_other():
    import tutor.runner

    assert all(getattr(tutor.runner, name) for name in tutor.runner.__all__)
    with pytest.raises(AttributeError, match="no attribute 'Ruuner'"):
        tutor.runner.Ruuner  # noqa: B018


@pytest.mark.parametrize(
    "use", ["", "Runner()", "r = Runner(); r.warm(); r.close()", f"with Runner() as r: r.run({ONE!r})"]
)
def test_the_parents_side_loads_no_numpy_and_nothing_else_of_tutor(use):
    code = (
        f"import sys\nfrom tutor.runner import *\n{use}\nprint([m for m in sys.modules if m in ('numpy', 'sympy', "
        "'textual') or m.startswith('tutor.') and not m.startswith('tutor.runner')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
