"""What is left when runs are over, and runs that are called off."""

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
from tutor.runner.child.folder import PREFIX, make, remove
from tutor.runner.process import BOOT, PACKAGE_FOLDER

ONE = Job("def f():\n    return 1", "f", ((),))


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_nothing_is_left_after_thirty_mixed_jobs(marked_processes, working_folders):
    processes, folders = marked_processes(), working_folders()
    threads, files = threading.active_count(), _open_files()
    sources = [
        "def f(): return 1",
        "def f(): raise ValueError",
        "def f(",
        "import os\ndef f(): os._exit(1)",
        "import os\ndef f():\n    open('x', 'w').write('y')\n    os.kill(os.getpid(), 9)",
        "import os, time\ndef f():\n    if os.fork() == 0:\n        os.setsid(); time.sleep(60)",
        "import threading\ndef f(): threading.Thread(target=threading.Event().wait).start()",
        "def f():\n    while True: print('x' * 10_000)",
        "def f(): return np.ones((10**6, 10**6))",
    ]
    with Runner(Limits(seconds=0.3)) as runner:
        for number in range(29):
            runner.run(Job(sources[number % len(sources)], "f", ((),)))
        assert runner.run(Job("def f():\n    while True: pass", "f", ((),))).fault.kind == "timeout"
    assert marked_processes() == processes
    assert working_folders() == folders
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
    run = limited(seconds=20.0)
    assert [run(source, ()).calls[0].returned for _ in range(2)] == [None, None]


def test_jobs_from_several_threads_run_side_by_side(patient):
    def square(n: int) -> object:
        return patient.run(Job("def f(n):\n    return n * n", "f", ((n,),))).calls[0].returned

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(square, range(8))) == [n * n for n in range(8)]


@pytest.mark.parametrize("stop", ["cancel", "close"])
def test_a_run_can_be_called_off(tmp_path, stop):
    started = tmp_path / "started"
    os.mkfifo(started)
    source = f"def f():\n    open({str(started)!r}, 'w').close()\n    while True: pass"
    with Runner(Limits(seconds=60.0, cpu_seconds=60.0)) as runner, ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(runner.run, Job(source, "f", ((),)))
        started.read_text()
        getattr(runner, stop)()
        assert waiting.result().fault.kind == "cancelled"
        after = runner.run(ONE)
        assert after.calls if stop == "cancel" else after.fault.kind == "cancelled"


def test_a_warm_process_that_has_died_is_replaced(patient):
    patient.warm()
    spare = patient._spare
    spare._process.kill()
    spare._process.wait()
    assert patient.run(ONE).calls[0].returned == 1
    assert not spare._folder.exists()


def test_a_python_that_does_not_start_is_no_fault_of_the_learner(monkeypatch, working_folders):
    before = working_folders()
    monkeypatch.setattr(sys, "executable", "/no/such/python")
    with Runner() as runner:
        outcome = runner.run(ONE)
    assert outcome.fault.kind == "start"
    assert working_folders() == before


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


def test_numpy_missing_in_the_isolated_process_is_said(tmp_path):
    code = BOOT.replace("from child.boot", "sys.modules['numpy'] = None; from child.boot")
    command = [sys.executable, "-I", "-c", code, PACKAGE_FOLDER, "", tmp_path]
    done = subprocess.run(command, capture_output=True, text=True, stdin=subprocess.DEVNULL, cwd=tmp_path)
    assert done.stdout.startswith("broken\n")
    assert "numpy" in done.stdout


@pytest.mark.parametrize("body", ["while True: pass", "import time; time.sleep(60)"])
def test_a_parent_that_is_killed_takes_its_runs_along(tmp_path, body):
    """The worker holds one end of a pipe that we read: the end of the pipe is the end of the worker."""
    fifo = tmp_path / "life"
    os.mkfifo(fifo)
    told = f"os.write(os.open({str(fifo)!r}, os.O_WRONLY), os.getcwd().encode())"
    learner = f"import os\ndef f():\n    {told}\n    {body}"
    parent = (
        "from tutor.runner import *\n"
        f"Runner(Limits(seconds=60.0, cpu_seconds=60.0)).run(Job({learner!r}, 'f', ((),)))"
    )
    process = subprocess.Popen([sys.executable, "-c", parent])
    with fifo.open("rb", buffering=0) as life:
        folder = life.read(1000)
        assert PREFIX.encode() in folder
        process.send_signal(signal.SIGKILL)
        process.wait()
        assert select.select([life], [], [], 20)[0]
        assert life.read(1) == b""
    assert not Path(folder.decode()).exists()


def test_the_parents_side_loads_no_numpy_and_nothing_else_of_tutor():
    code = (
        "import sys, tutor.runner; print([m for m in sys.modules if m == 'numpy' or "
        "m.startswith('tutor.') and not m.startswith('tutor.runner')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_folder_with_everything_in_it_is_removed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("x")
    folder = make("mark")
    (folder / "a" / "b" / "c").mkdir(parents=True)
    (folder / "a" / "b" / "file").write_text("x")
    (folder / "a" / "link").symlink_to(outside)
    (folder / "dangling").symlink_to(tmp_path / "nowhere")
    (folder / "a" / "b").chmod(0)
    remove(folder)
    assert not folder.exists()
    assert (outside / "kept").exists()
    remove(folder)


def test_no_folder_but_a_runs_own_is_ever_removed(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "kept").write_text("x")
    (tmp_path / f"{PREFIX}link").symlink_to(tmp_path)
    for folder in (tmp_path, Path.cwd(), Path(), Path(f"{PREFIX}relative"), tmp_path / f"{PREFIX}link"):
        with pytest.raises(ValueError, match="not a working folder"):
            remove(folder)
    assert (tmp_path / "kept").exists()


def test_a_worker_without_a_parent_leaves_a_folder_it_was_not_given_alone(tmp_path):
    """Started by hand with nothing to read, in a folder that is not its own, it removes nothing."""
    (tmp_path / "kept").write_text("x")
    numpy_folder = next(path for path in map(Path, sys.path) if (path / "numpy").is_dir())
    command = [sys.executable, "-I", "-c", BOOT, PACKAGE_FOLDER, numpy_folder, tmp_path]
    subprocess.run(command, capture_output=True, stdin=subprocess.DEVNULL, cwd=tmp_path)
    assert (tmp_path / "kept").exists()
