"""Dictionaries: which of them a language gets, and words by them."""

from pathlib import Path

import pytest

from sealane.errors import InputError

spylls = pytest.importorskip("spylls", reason="the extra [spelling] is not installed")

from sealane.io.adapters.spelling import load_speller  # noqa: E402


def dictionary(folder: Path, name: str, *words: str) -> None:
    (folder / f"{name}.aff").write_text("SET UTF-8\nSFX S Y 1\nSFX S 0 s .\n")
    (folder / f"{name}.dic").write_text("\n".join([str(len(words)), *words, ""]))


def test_a_language_gets_its_own_dictionary_or_the_first_of_its_regions(tmp_path: Path) -> None:
    dictionary(tmp_path, "en_GB", "colour/S")
    dictionary(tmp_path, "en_US", "color/S")
    (tmp_path / "de_DE.dic").write_text("0\n")  # without its other half it is none
    speller = load_speller(tmp_path)
    for tag, known, unknown in (
        ("en", "colours", "colors"), ("en-GB", "colour", "color"), ("EN-us", "colors", "colour"),
    ):  # fmt: skip
        knows = speller(tag)
        assert knows is not None
        assert knows(known)
        assert not knows(unknown)
    assert [speller(tag) for tag in ("de", "en-AU", "fr")] == [None, None, None]


def test_a_folder_without_dictionaries_is_refused(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        with pytest.raises(InputError, match="dictionaries"):
            load_speller(folder)


def test_a_broken_dictionary_is_refused_when_it_is_asked(tmp_path: Path) -> None:
    dictionary(tmp_path, "en_US", "word")
    (tmp_path / "en_US.aff").write_text("SFX S Y many\n")
    with pytest.raises(InputError, match="en_US"):
        load_speller(tmp_path)("en")
