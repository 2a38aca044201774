"""Progress goes from one machine to another: nothing is doubled, nothing is lost, and damage changes nothing."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import pytest

from tutor.learner import Entry, Store
from tutor.learner.transfer import (
    BACKUPS,
    TransferProblem,
    as_text,
    contents_of,
    keep_backup,
    merge,
    read_file,
)


def exported(store: Store, path: Path) -> Path:
    path.write_text(as_text(contents_of(store, {"f.toml": "title = 'f'"})), encoding="utf-8")
    return path


def means_the_same(broken: bytes, whole: bytes) -> bool:
    """The last digit of a time may be another, and the time the same."""
    try:
        return json.loads(broken) == json.loads(whole)
    except ValueError:
        return False


def everything(store: Store) -> list[tuple[str, Entry]]:
    return store.journal()


@pytest.fixture
def machines(tmp_path):
    """Two machines that have a beginning in common, then went apart."""
    with Store(tmp_path / "a") as a, Store(tmp_path / "b") as b:
        for number in range(6):
            for store in (a, b):
                store.append(
                    "node-way/a", Entry("forward", "value:p", "answer", str(number), "wrong", at=100.0 + number)
                )
        a.append("staging/f", Entry("stage", "staging", "answer", "a = x", "right", at=200.0))
        b.append("node-way/a", Entry("forward", "value:p", "answer", "4", "right", at=150.0))
        b.append("node-way/a", Entry("", "", "solved", "digest", at=151.0))
        a.keep_draft("node-way/a", "total:p", "mine")
        b.keep_draft("node-way/a", "total:p", "theirs")
        b.keep_draft("layers/complex", "staging", "a = ln x")
        a.keep_note("mul", "swaps")
        b.keep_note("mul", "the other factor")
        yield a, b


def test_what_both_did_is_there_once_in_the_order_of_time(machines, tmp_path):
    a, b = machines
    merged = merge(a, read_file(exported(b, tmp_path / "b.json")))
    assert (merged.lines, merged.already) == (2, 6)
    lines = everything(a)
    assert len(lines) == 9 and [one.at for _, one in lines] == sorted(one.at for _, one in lines)
    assert a.solved() == {"node-way/a": "digest"}
    assert a.draft("node-way/a", "total:p") == "mine" and merged.kept == ("node-way/a total:p",)
    assert a.draft("layers/complex", "staging") == "a = ln x"
    assert "swaps" in a.note("mul") and "the other factor" in a.note("mul")
    again = merge(a, read_file(exported(b, tmp_path / "again.json")))
    assert again.lines == 0 and everything(a) == lines


def test_both_ways_come_to_the_same_journal(machines, tmp_path):
    a, b = machines
    of_a, of_b = exported(a, tmp_path / "a.json"), exported(b, tmp_path / "b.json")
    merge(a, read_file(of_b))
    merge(b, read_file(of_a))
    assert everything(a) == everything(b)


def test_lines_that_are_equal_on_one_machine_are_not_thrown_together(tmp_path):
    with Store(tmp_path / "a") as a, Store(tmp_path / "b") as b:
        for _ in range(2):
            b.append("x", Entry("s", "k", "answer", "1", "wrong", at=5.0))
        a.append("x", Entry("s", "k", "answer", "1", "wrong", at=5.0))
        assert merge(a, read_file(exported(b, tmp_path / "b.json"))).lines == 1
        assert len(everything(a)) == 2


def test_a_paper_that_went_on_elsewhere_keeps_the_later_answers_and_the_longer_time(tmp_path):
    with Store(tmp_path / "a") as a, Store(tmp_path / "b") as b:
        a.keep_on_page("/paper/1", {"answer:1:k": json.dumps(["old", 5.0]), "spent:1": "30.000", "flags": "[2]"})
        b.keep_on_page(
            "/paper/1", {"answer:1:k": json.dumps(["new", 9.0]), "spent:1": "12.000", "answer:2:k": '["x", 1]'}
        )
        b.keep_on_page("/paper/2", {"paper": "{}"})
        merge(a, read_file(exported(b, tmp_path / "b.json")))
        page = a.page("/paper/1")
        assert json.loads(page["answer:1:k"])[0] == "new" and page["spent:1"] == "30.000"
        assert page["flags"] == "[2]" and "answer:2:k" in page
        assert a.pages("/paper/") == ["/paper/1", "/paper/2"]


def test_no_damage_changes_anything(machines, tmp_path):
    """Bytes changed, missing and doubled: each is said, and the store stays as it is."""
    a, b = machines
    whole = exported(b, tmp_path / "b.json").read_bytes()
    before = everything(a)
    rng = Random(4)
    for number in range(40):
        at = rng.randrange(len(whole))
        broken = {0: whole[:at], 1: whole[:at] + bytes([whole[at] ^ (1 << rng.randrange(7))]) + whole[at + 1 :],
                  2: whole[:at] + whole[at // 2 :], 3: rng.randbytes(300)}[number % 4]  # fmt: skip
        if means_the_same(broken, whole):
            continue
        path = tmp_path / "broken.json"
        path.write_bytes(broken)
        with pytest.raises(TransferProblem, match=r"broken\.json"):
            merge(a, read_file(path))
    assert everything(a) == before


@pytest.mark.parametrize(
    ("text", "said"),
    [("", "contains no progress"), ("[]", "contains no progress"), ('{"format": 3}', "contains no progress"),
     ('{"format": "backprop-tutor progress", "version": 99}', "newer"),
     ('{"format": "backprop-tutor progress", "version": 1}', "damaged")],
)  # fmt: skip
def test_other_files_are_said_to_be_others(tmp_path, text, said):
    path = tmp_path / "other.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(TransferProblem, match=said):
        read_file(path)
    for gone in (tmp_path / "gone.json", tmp_path):
        with pytest.raises(TransferProblem):
            read_file(gone)


def test_back_ups_are_made_once_a_day_and_the_oldest_go(tmp_path):
    assert keep_backup(tmp_path) is None
    with Store(tmp_path) as store:
        for day in range(10):
            store.append("x", Entry("s", "k", "answer", str(day), "wrong", at=day + 1.0))
            made = keep_backup(tmp_path, clock=lambda day=day: 86_400.0 * (day + 400))
            assert made is not None and keep_backup(tmp_path, clock=lambda day=day: 86_400.0 * (day + 400)) is None
    kept = sorted((tmp_path / BACKUPS).iterdir())
    assert len(kept) == 7
    with Store(tmp_path / "new") as store:
        assert merge(store, read_file(kept[-1])).lines == 10
