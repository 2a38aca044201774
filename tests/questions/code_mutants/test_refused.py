"""No wrong program is accepted: mutants of right programs of every exercise, and the slips that everybody makes.

The full table is tests/bench/bench_code_trials.py; here it is a few mutants of every kind for each exercise.
"""

from __future__ import annotations

import pytest

from tests.questions.code.test_engine import CLOSURES
from tests.sampling import EVERY_CASE, some
from tutor.judging import Kind
from tutor.runner import Runner

from .asked import HARNESS_OF, asked_in
from .more_right import MORE
from .programs import programs
from .refusing import Survivors


@pytest.mark.parametrize("exercise", some(3, HARNESS_OF, HARNESS_OF.__getitem__))
def test_a_sample_of_mutants_is_refused(exercise: str):
    survivors, many = Survivors(asked_in(exercise)), 3 if EVERY_CASE else 2
    accepted = [f"{mutant.kind}, line {mutant.line}: {mutant.said}" for mutant in survivors.accepted(each_kind=many)]
    assert not accepted
    assert survivors.refused > 5 * many


PUSHED = {
    "exp": "            self.grad += out.grad * out.data\n",
    "tanh": "            self.grad += out.grad * (1 - out.data ** 2)\n",
    "relu": "            self.grad += out.grad * (self.data > 0)\n",
}
ENGINE = [(line, line.replace("+=", "=")) for line in PUSHED.values()]

FAMOUS = [
    ("blocks/relu-network", 0, "dz = dh * (z > 0)", "dz = dh * (dh > 0)"),
    ("blocks/relu-network", 0, "dz = dh * (z > 0)", "dz = np.maximum(dh, 0)"),
    ("blocks/relu-network", 0, "dz = dh * (z > 0)", "dz = dh * np.int64(np.outer(de, v) > 0)"),
    ("blocks/relu-network", 0, "dz = dh * (z > 0)", "dz = dh * h"),
    ("blocks/relu-network", 0, "dz = dh * (z > 0)", "dz = dh"),
    ("blocks/relu-network", 0, "fb = np.sum(dz, axis=0)", "fb = np.mean(dz, axis=0)"),
    ("blocks/relu-network", 0, "de = 2 * e / m", "de = 2 * e"),
    ("blocks/relu-network", 1, "fv += de * h", "fv = de * h"),
    ("blocks/residual", 0, "dz[z <= 0] = 0", "dz[dz <= 0] = 0"),
    ("blocks/residual", 0, "fx += dy", "fx = dy"),
    ("blocks/residual", 0, "dh = V.T @ dy\n    dz = dh.copy()", "dh = V.T @ dy\n    dz = np.maximum(dh, 0)"),
    ("blocks/dropout", 0, "dz = dh * (z > 0)", "dz = dh * (dh > 0)"),
    ("blocks/embedding", 0, "np.add.at(fE, idx, drows)", "fE[idx] += drows"),
    ("blocks/embedding", 0, "np.add.at(fE, idx, drows)", "fE[idx] = drows"),
    ("blocks/embedding", 1, "fE[w] += dx / 3", "fE[w] = dx / 3"),
    ("blocks/max-pool", 0, "fx[i] += dc[i] * w[0]", "fx[i] = dc[i] * w[0]"),
    ("blocks/max-pool", 0, "fw[1] += dc[i] * x[i + 1]", "fw[1] = dc[i] * x[i + 1]"),
    ("blocks/max-pool", 0, "    return out, fx, fw", "        return out, fx, fw"),
    ("blocks/max-pool", 0, "np.argmax(pairs[j])", "np.argmax(np.abs(pairs[j]))"),
    ("blocks/softmax-regression", 0, "    dz /= n\n", ""),
    ("blocks/softmax-regression", 0, "    dz /= n\n", "    dz /= n * n\n"),
    ("blocks/softmax-regression", 0, "y] -= 1", "y] += 1"),
    ("blocks/batchnorm", 0, "dxc += 2 * xc", "dxc = 2 * xc"),
    ("blocks/batchnorm", 0, " + 0.01", ""),
    ("blocks/batchnorm", 0, "fX = dxc - dxc.sum(axis=0) / n", "fX = dxc"),
    ("blocks/l2-penalty", 0, "fw += 0.6 * w", "fw = 0.6 * w"),
]


@pytest.mark.parametrize(("exercise", "at", "old", "new"), FAMOUS)
def test_what_everybody_gets_wrong_once_is_refused(runner: Runner, exercise: str, at: int, old: str, new: str):
    asked, text = asked_in(exercise), MORE[exercise][at]
    assert old in text
    job = asked.chosen.job(text.replace(old, new), asked.spec)
    assert asked.chosen.verdict(runner.run(job), asked.spec).kind is Kind.WRONG


@pytest.mark.parametrize("changes", [*([each] for each in ENGINE), ENGINE])
def test_an_engine_whose_functions_overwrite_is_refused(runner: Runner, changes: list[tuple[str, str]]):
    asked, text = asked_in("autograd/engine"), CLOSURES
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    verdict = asked.chosen.verdict(runner.run(asked.chosen.job(text, asked.spec)), asked.spec, text)
    assert verdict.kind is Kind.WRONG
    assert verdict.mistake == "overwrote_branch"


@pytest.mark.parametrize("exercise", MORE)
def test_right_programs_of_blocks_are_right(runner: Runner, exercise: str):
    asked = asked_in(exercise)
    for text in programs(asked):
        verdict = asked.chosen.verdict(runner.run(asked.chosen.job(text, asked.spec)), asked.spec)
        assert verdict.accepted, verdict.message
