"""Code that ends itself, plays with signals, or starts threads and processes: nothing is left of it."""

from __future__ import annotations

import os

import pytest


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


def test_another_program_in_its_place_is_ended(run_briefly):
    fault = run_briefly("import os\ndef f():\n    os.execv('/bin/sleep', ['sleep', '600'])", ()).fault
    assert fault.kind == "timeout"


def test_the_line_is_that_of_the_main_thread(run_until):
    source = """
        import threading
        def spin():
            while True: pass
        def f():
            for _ in range(2):
                threading.Thread(target=spin, daemon=True).start()
            threading.Event().wait()
    """
    fault = run_until(lambda outcome: outcome.fault.line, source, ()).fault
    assert (fault.kind, fault.line) == ("timeout", 8)


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
            subprocess.run(["sh", "-c", {bomb + "; sleep 1"!r}])
    """
    fault = run(source, ()).fault
    # The system does not refuse root anything, and others as much that the shell may give up first.
    refused = fault is None and os.getuid() != 0
    assert refused or "more than 16 other processes" in fault.message
    assert left_behind() == set()


def test_processes_started_past_the_guard_are_counted_or_refused(limited, left_behind):
    """For root they are counted; for others the system refuses them."""
    source = """
        import ctypes, time
        def f():
            for _ in range(40):
                made = ctypes.CDLL(None, use_errno=True).fork()
                if made == 0:
                    time.sleep(600)
                if made < 0:
                    raise OSError(ctypes.get_errno(), "refused")
            time.sleep(600)
    """
    fault = limited(seconds=60.0)(source, ()).fault
    assert "more than 16 other processes" in fault.message or fault.kind == "raised"
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
