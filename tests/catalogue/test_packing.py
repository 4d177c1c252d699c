from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rathaus.catalogue.packing import PackingError, content_hash, pack, read_folder, unpack

names = st.from_regex(r"[a-z]{1,8}(/[a-z]{1,8})?\.(toml|xml|md)", fullmatch=True)
packages = st.dictionaries(names, st.binary(max_size=200), max_size=5)


@given(packages)
def test_a_package_comes_out_as_it_went_in(files: dict[str, bytes]) -> None:
    assert dict(unpack(pack(files))) == files


@given(packages)
def test_packing_is_deterministic_whatever_the_order(files: dict[str, bytes]) -> None:
    backwards = dict(reversed(files.items()))
    assert pack(files) == pack(backwards)
    assert content_hash(files) == content_hash(backwards)


@given(packages, packages)
def test_only_equal_packages_have_equal_hashes(first: dict[str, bytes], second: dict[str, bytes]) -> None:
    assert (content_hash(first) == content_hash(second)) == (first == second)


def test_files_that_do_not_belong_to_a_package_stay_outside(tmp_path: Path) -> None:
    (tmp_path / "service.toml").write_text("key = 'x'")
    (tmp_path / "service.toml~").write_text("old")
    (tmp_path / ".hidden.toml").write_text("")
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "a.typ").write_text("= A")
    assert list(read_folder(tmp_path)) == ["letters/a.typ", "service.toml"]


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(PackingError, match="nowhere"):
        read_folder(tmp_path / "nowhere")


@pytest.mark.parametrize("name", ["../evil.toml", "/etc/evil.toml", "a/../../b.toml"])
def test_a_path_that_leaves_the_package_is_refused(name: str) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, "x")
    with pytest.raises(PackingError, match="leaves"):
        unpack(buffer.getvalue())


def test_a_zip_bomb_is_refused_before_it_is_unpacked() -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.toml", b"\0" * 30_000_000)
    with pytest.raises(PackingError, match="larger"):
        unpack(buffer.getvalue())


def test_something_else_than_a_zip_is_refused() -> None:
    with pytest.raises(PackingError, match="ZIP"):
        unpack(b"not a zip")
