"""Event files, offline runs, folders and archives; the binary ones are written here, byte by byte."""

from __future__ import annotations

import bz2
import gzip
import io
import json
import lzma
import struct
import zipfile

import numpy as np
import polars
import pytest
import zstandard
from lossclinic.engine.observe.read import read
from lossclinic.errors import InputError


def varint(value):
    """A protobuf integer."""
    out = b""
    while value > 0x7F:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    """A protobuf field: bytes, int, float (32 bit) or a tuple with one float (64 bit)."""
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    if isinstance(value, tuple):
        return varint(number << 3 | 1) + struct.pack("<d", *value)
    return varint(number << 3) + varint(value)


def record(data):
    """A TFRecord; the reader does not look at the check sums."""
    return struct.pack("<QI", len(data), 0) + data + b"\0\0\0\0"


def event(wall, step, tag, value, *, tensor=False):
    """One scalar of an event file."""
    body = field(8, field(1, 1) + field(2, b"") + field(4, struct.pack("<f", value))) if tensor else field(2, value)
    return record(field(1, (wall,)) + field(2, step) + field(5, field(1, field(1, tag.encode()) + body)))


VERSION = record(field(1, (1.0,)) + field(3, b"brain.Event:2"))


@pytest.mark.parametrize("tensor", [False, True])
def test_event_file(tmp_path, tensor):
    """TensorBoard scalars as PyTorch writes them, and as TensorFlow 2 does."""
    path = tmp_path / "renamed.bin"
    path.write_bytes(
        VERSION + b"".join(event(i, 10 * i, t, i + k / 2, tensor=tensor) for i in range(1, 5) for k, t in enumerate(("train/loss", "lr")))
    )
    log = read(path)
    assert (log.format, log.axis) == ("tfevents", "step")
    assert log.get("train_loss").steps.tolist() == [10, 20, 30, 40]
    assert log.get("train_loss").values.tolist() == [1, 2, 3, 4]
    assert log.get("lr").values.tolist() == [1.5, 2.5, 3.5, 4.5]


def test_event_file_that_is_being_written(tmp_path):
    """The last record is cut off."""
    path = tmp_path / "events"
    path.write_bytes(VERSION + b"".join(event(i, i, "loss", 1.0) for i in range(5)) + event(9, 9, "loss", 1.0)[:-7])
    log = read(path)
    assert len(log.get("train_loss")) == 5
    assert [n.id for n in log.notes] == ["damaged_records"]


def test_tags_that_count_different_things(tmp_path):
    """One tag counts epochs and another iterations: the main loss's count is the axis."""
    path = tmp_path / "events"
    path.write_bytes(VERSION + b"".join(event(i, i, "epoch_loss", 1.0 + i) + event(i + 0.1, 100 * i, "evaluation_loss", 9.0) for i in range(30)))
    log = read(path)
    assert log.get("train_loss").steps.tolist() == list(range(30))
    assert log.get("val_loss").steps.max() <= 30


def test_event_file_without_scalars(tmp_path):
    """Nothing was logged."""
    (tmp_path / "events").write_bytes(VERSION)
    with pytest.raises(InputError, match="without a single scalar"):
        read(tmp_path / "events")


def test_event_file_with_pictures_and_a_tag_twice_in_one_step(tmp_path):
    """Scalars far apart in steps, among pictures; of two values of one step the later one counts."""
    path, n = tmp_path / "events", 3000
    picture = record(field(1, (2.0,)) + field(2, 3) + field(5, field(1, field(1, b"picture") + field(4, b"\0" * 300_000))))
    with path.open("wb") as file:
        file.write(VERSION)
        for i in range(n):
            file.write(event(i, 100_000 * i, "loss", 1.0 + i % 7) + event(i, 100_000 * i, "lr", 0.5))
            if i % 1000 == 0:
                file.write(picture + event(i, 100_000 * i, "loss", 9.0))
    log = read(path)
    loss = log.get("train_loss")
    assert loss.steps.tolist() == log.get("lr").steps.tolist() == [100_000.0 * i for i in range(n)]
    assert loss.values.tolist() == [9.0 if i % 1000 == 0 else 1.0 + i % 7 for i in range(n)]


def test_log_directory(tmp_path):
    """Keras writes training and validation to folders of their own."""
    for phase, value in (("train", 2.0), ("validation", 3.0)):
        (tmp_path / phase).mkdir()
        (tmp_path / phase / "events").write_bytes(VERSION + b"".join(event(i, i, "epoch_loss", value) for i in range(5)))
    log = read(tmp_path)
    assert log.get("train_loss").values.tolist() == [2.0] * 5
    assert log.get("val_loss").values.tolist() == [3.0] * 5


def test_log_directory_of_add_scalars(tmp_path):
    """PyTorch's add_scalars writes each curve of a chart to a folder of its own, the learning rate beside them."""
    for folder, tag, shift in (("Loss_train", "Loss", 0), ("Loss_val", "Loss", 0.5), ("", "lr", 0)):
        (tmp_path / "run" / folder).mkdir(parents=True, exist_ok=True)
        points = b"".join(event(i, 10 * i, tag, float(i + shift)) for i in range(1, 5))
        (tmp_path / "run" / folder / "events.out.tfevents.1").write_bytes(VERSION + points)
    log = read(tmp_path)
    assert log.get("train_loss").values.tolist() == [1, 2, 3, 4]
    assert log.get("val_loss").values.tolist() == [1.5, 2.5, 3.5, 4.5]
    assert log.get("lr").steps.tolist() == [10, 20, 30, 40]


def test_offline_run_of_wandb(tmp_path):
    """The .wandb file of an offline run, with a record that spans two blocks."""
    chunks = bytearray(b":W&B\xe1\xbe\x00")

    def put(data):
        kind, at = 1, 0
        while True:
            room = 32768 - len(chunks) % 32768
            if room < 7:
                chunks.extend(b"\0" * room)
                continue
            piece = data[at : at + room - 7]
            at += len(piece)
            last = at >= len(data)
            chunks.extend(struct.pack("<IHB", 0, len(piece), {(1, True): 1, (1, False): 2, (0, False): 3, (0, True): 4}[kind, last]) + piece)
            kind = 0
            if last:
                return

    for i in range(60):
        values = {"train/loss": 1.0 + i, "pad": "x" * 1500}
        put(
            field(
                2, b"".join(field(1, field(2, k.encode()) + field(16, json.dumps(v).encode())) for k, v in values.items()) + field(2, field(1, i * 5))
            )
        )
    (tmp_path / "run").write_bytes(bytes(chunks))
    log = read(tmp_path / "run")
    assert log.format == "wandb"
    assert log.get("train_loss").steps.tolist() == [i * 5 for i in range(60)]
    assert log.get("train_loss").values.tolist() == [1.0 + i for i in range(60)]


def test_mlflow(tmp_path):
    """A folder of MLflow, one file a metric, and one such file alone."""
    metrics = tmp_path / "mlruns" / "0" / "ab12" / "metrics"
    (metrics / "train").mkdir(parents=True)
    (metrics / "train" / "loss").write_text("".join(f"17000000000{i:02d} {8 - i} {i}\n" for i in range(8)))
    (metrics / "val_loss").write_text("".join(f"17000000000{i:02d} 1.5 {i}\n" for i in (0, 4)))
    log = read(tmp_path)
    assert log.format == "mlflow"
    assert log.get("train_loss").values.tolist() == [8, 7, 6, 5, 4, 3, 2, 1]
    assert log.get("val_loss").steps.tolist() == [0, 4]
    assert read(metrics / "val_loss").get("val_loss").steps.tolist() == [0, 4]


def test_folder_with_one_log_among_other_files(tmp_path):
    """The folder of a run: settings, a checkpoint, and the log."""
    (tmp_path / "version_0").mkdir()
    (tmp_path / "version_0" / "hparams.yaml").write_text("lr: 0.1\n")
    (tmp_path / "version_0" / "last.ckpt").write_bytes(bytes(range(256)) * 10)
    (tmp_path / "version_0" / "metrics.csv").write_text("step,loss\n1,2\n2,1\n")
    assert read(tmp_path).get("train_loss").values.tolist() == [2, 1]


def test_gzip(tmp_path):
    """The log is compressed, and perhaps cut off."""
    text = "step,loss\n" + "".join(f"{i},{i * 7919 % 1000 / 8}\n" for i in range(5000))
    packed = gzip.compress(text.encode())
    (tmp_path / "whole").write_bytes(packed)
    (tmp_path / "cut").write_bytes(packed[: len(packed) // 2])
    assert len(read(tmp_path / "whole").get("train_loss")) == 5000
    log = read(tmp_path / "cut")
    assert 500 < len(log.get("train_loss")) < 5000
    assert "cut_archive" in [n.id for n in log.notes]


def test_zstd(tmp_path):
    """The log is compressed with Zstandard, and perhaps cut off or damaged."""
    text = "step,loss\n" + "".join(f"{i},{i * 7919 % 1000 / 8}\n" for i in range(50_000))
    packed = zstandard.compress(text.encode())
    (tmp_path / "whole").write_bytes(packed)
    (tmp_path / "cut").write_bytes(packed[: len(packed) * 3 // 4])
    (tmp_path / "damaged").write_bytes(packed[:40] + b"junk" * 8 + packed[72:])
    assert len(read(tmp_path / "whole").get("train_loss")) == 50_000
    with pytest.raises(InputError, match=r"cut|damaged zstd"):
        read(tmp_path / "damaged")
    assert "cut_archive" in [n.id for n in read(tmp_path / "cut").notes]


def test_parquet(tmp_path):
    """Whole numbers, gaps, columns of text, of times and of lists; written by polars."""
    path = tmp_path / "log"
    step = polars.Series([1, 2, 3], dtype=polars.Int32)
    polars.DataFrame(
        {"step": step, "loss": [0.5, None, 0.25], "note": ["a", "b", None], "at": step.cast(polars.Datetime), "tokens": [[1], [2], [3]]}
    ).write_parquet(path)
    log = read(path)
    assert (log.format, log.axis) == ("parquet", "step")
    assert log.get("train_loss").steps.tolist() == [1, 3]
    assert {c.name: c.why_not for c in log.columns if c.metric is None} == {"note": "text", "at": "text", "tokens": "text"}


def test_parquet_in_long_form(tmp_path):
    """One row for each value, the name of the metric beside it; the file is packed once more."""
    frame = polars.DataFrame({"step": [s for s in range(20) for _ in "ab"], "metric": ["loss", "lr"] * 20, "value": [s / 7 for s in range(40)]})
    frame.write_parquet(tmp_path / "plain")
    (tmp_path / "log").write_bytes(gzip.compress((tmp_path / "plain").read_bytes()))
    log = read(tmp_path / "log")
    assert len(log.get("train_loss")) == len(log.get("lr")) == 20


def test_a_long_parquet_is_thinned_and_a_damaged_one_refused(tmp_path):
    """Of more than a million rows those stay that say something; a file that breaks off is no log."""
    path = tmp_path / "log"
    loss = np.full(1_200_000, 0.5)
    loss[777_777] = 9.0
    polars.DataFrame({"step": np.arange(len(loss)), "loss": loss}).write_parquet(path)
    found = read(path).get("train_loss")
    assert len(found) < 200_000
    assert found.steps[found.values.argmax()] == 777_777
    data = path.read_bytes()
    for damaged in (data[: len(data) // 2], data[:-300] + b"junk" * 73 + data[-8:], b"PAR1" * 3):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match="damaged Parquet"):
            read(path)


@pytest.mark.parametrize("pack", [bz2.compress, lambda data: lzma.compress(data, preset=0)], ids=["bzip2", "xz"])
def test_bzip2_and_xz(tmp_path, pack):
    """Whole, two archives one after the other, cut off, and damaged."""
    text = "step,loss\n" + "".join(f"{i},{i * 7919 % 1000 / 8}\n" for i in range(200_000))
    packed = pack(text.encode())
    (tmp_path / "whole").write_bytes(packed)
    (tmp_path / "two").write_bytes(pack(text[:1000].encode()) + pack(text[1000:].encode()))
    (tmp_path / "cut").write_bytes(packed[: len(packed) * 3 // 4])
    (tmp_path / "damaged").write_bytes(packed[:60] + b"junk" * 8 + packed[92:])
    assert len(read(tmp_path / "whole").get("train_loss")) == 200_000
    assert len(read(tmp_path / "two").get("train_loss")) == 200_000
    assert "cut_archive" in [n.id for n in read(tmp_path / "cut").notes]
    with pytest.raises(InputError, match="damaged archive"):
        read(tmp_path / "damaged")


def zipped(data, *more):
    """A zip archive of a log in a folder, with `more` names beside it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("run/", b"")
        archive.writestr("run/log.csv", data)
        for name in more:
            archive.writestr(name, b"x" * 100)
    return packed.getvalue()


def test_zip(tmp_path):
    """A zip archive that holds one log is read, whatever the system put beside it; of several files I am asked which one I mean."""
    text = "step,loss\n" + "".join(f"{i},{i * 7919 % 1000 / 8}\n" for i in range(5000))
    path = tmp_path / "log.zip"
    path.write_bytes(zipped(text.encode(), "__MACOSX/run/._log.csv", "run/.DS_Store"))
    assert len(read(path).get("train_loss")) == 5000
    path.write_bytes(zipped(text.encode(), "run/config.yaml"))
    with pytest.raises(InputError, match=r"holds 2 files \(run/log.csv, run/config.yaml\)"):
        read(path)
    whole = zipped(text.encode())
    for damaged in (whole[: len(whole) // 2], whole[:60] + b"junk" * 50 + whole[260:], zipped(b"", *(f"{i:0>200}" for i in range(6000)))):
        path.write_bytes(damaged)
        with pytest.raises(InputError, match=r"damaged archive|6002 files"):
            read(path)


@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress, zstandard.compress, zipped])
def test_an_archive_that_swells_is_read_in_part(tmp_path, pack):
    """A small file that unpacks to a thousand times its size is no log: its beginning is read, and the log says so."""
    path = tmp_path / "log"
    path.write_bytes(pack("".join(f"step {i} loss {3 - i / 100}\n" for i in range(100)).encode() + b"\n" * (48 << 20)))
    log = read(path)
    assert len(log.get("train_loss")) == 100
    assert [n.values["size"] < 12 for n in log.notes if n.id == "swollen_archive"] == [True]
