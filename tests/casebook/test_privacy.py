"""What leaves the machine carries no paths, hosts, names or keys."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from lossclinic.casebook.case import Case, Change, Sign, now
from lossclinic.casebook.markdown import to_markdown
from lossclinic.casebook.privacy import scrub, scrub_text


@pytest.mark.parametrize(
    ("text", "scrubbed"),
    [
        ("resumed from /home/lin/runs/exp7/last.ckpt at once", "resumed from <path>/last.ckpt at once"),
        ("日志在 /mnt/data/训练/日志.csv，看第三列", "日志在 <path>/日志.csv，看第三列"),
        (r"C:\Users\lin\train.log and \\filer\share\a.csv", r"<path>/train.log and <path>/a.csv"),
        ("see ~/runs/log.txt or ~lin/x.py", "see <path>/log.txt or <path>/x.py"),
        ("rsync lin@gpu01.lab:/data/x .", "rsync <path> ."),
        ("mail lin.wang@corp.example.com please", "mail <email> please"),
        ("10.0.3.17:8888 and fe80::1ff:fe23:4567:890a", "<ip> and <ip>"),
        ("https://wandb.corp.lan/lin/runs/3?key=1", "https://<host>"),
        ("https://arxiv.org/abs/2204.02311", "https://arxiv.org/abs/2204.02311"),
        ("postgresql://lin:pw@db/team", "postgresql://<host>"),
        ("host=gpu-node-17 hostname: box3 节点：a100-07", "host=<host> hostname: <host> 节点：<host>"),
        ("on gpu7.cluster.local it hangs", "on <host> it hangs"),
        ("api_key=abcd1234 password: hunter2, token='xyz'", "api_key=<secret> password: <secret>, token=<secret>"),
        ("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.abc", "Authorization: Bearer <secret>"),
        ("hf_abcdefghijklmnopqrstuvwx and ghp_0123456789abcdefghijABCDEFGHIJ", "<secret> and <secret>"),
        ("WANDB 0123456789abcdef0123456789abcdef01234567", "WANDB <secret>"),
    ],
)  # fmt: skip
def test_what_is_private_goes(text: str, scrubbed: str) -> None:
    """The name of a file stays, because it tells what was read; public links stay."""
    assert scrub_text(text) == scrubbed


@pytest.mark.parametrize(
    "text",
    [
        "loss went from 2.1 to 7.9 at step 41,200 (3.8x); lr 3e-4, betas 0.9/0.95, wd 0.1",
        "val/loss and train/loss, w/o clipping, and/or warmup; 8x A100, torch 2.3.1, 1/2 epoch",
        "损失从 2.1 升到 7.9，学习率/批大小都没变，2026-11-21 10:30:05",
        "ratio 1:2:3, 12:30:45, version 1.2.3, optimizer.step() before loss.backward()",
        "[bold]x[/bold] </b> km/h https://github.com/pytorch/pytorch/issues/1",
        "model.layers.12.mlp.down_proj.weight grows",
    ],
)
def test_figures_and_prose_stay(text: str) -> None:
    """Nothing that tells what happened is taken for a path or an address."""
    assert scrub_text(text) == text


def test_a_case_is_scrubbed_throughout(make: Callable[..., Case]) -> None:
    """Every field, the history included; the same person is the same everywhere, figures are untouched."""
    case = make(
        "linhai broke /home/linhai/a.py", seen="王伟 saw it on host=gpu9", people=("linhai", "王伟"), log="/home/linhai/runs/log.csv",
        facts={"lr": 3e-4}, symptoms=(Sign(id="loss_spike", numbers={"ratio": 5.0}, summary="in /data/x/y.csv"),),
        links=("https://wandb.corp.lan/1",), status="resolved", cause="a bug in /srv/code/x.py", ruled_out={"bad_batch": "linhai looked"},
        history=(Change(rev="a1", at=now(), by="王伟", what="confirmed by linhai"),),
    )  # fmt: skip
    public = scrub(case)
    written = to_markdown(public)
    for word in ("linhai", "王伟", "/home", "/data", "/srv", "gpu9", "corp.lan"):
        assert word not in written
    assert public.people == ("person-1", "person-2")
    assert public.history[0].by == "person-2"
    assert public.log == "<path>/log.csv"
    assert (public.facts, public.symptoms[0].numbers, public.id) == (case.facts, case.symptoms[0].numbers, case.id)
    assert scrub(public) == public
