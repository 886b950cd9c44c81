"""Exports written by hand, drafted and imported."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import pytest

from precursor.elicitation.imports.assemble import draft_mapping, import_survey
from precursor.elicitation.imports.mapping_text import mapping_text
from precursor.elicitation.responses import Setting
from precursor.problems import InputError
from tests.survey_header import header

SURVEY = f"\n[survey]\n{header()}"


@pytest.fixture
def setting(shared, vocabulary, lexicon):
    return Setting("made", shared, None, vocabulary, lexicon)


@pytest.fixture
def desk(tmp_path, setting, load):
    """A folder to work in: write an export, draft a mapping, import, and look at what came of it."""

    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def draft(*paths, **changes):
        """Write the drafted mapping, with lines replaced (``unit=...`` of the whole file), and return the draft."""
        made = draft_mapping(paths, setting)
        text = mapping_text(made)
        for old, new in changes.items():
            text = text.replace(old, new)
        (tmp_path / "m.toml").write_text(text, encoding="utf-8")
        return made

    def mapping(text):
        return write("m.toml", text + ("" if "[survey]" in text else SURVEY))

    def run(*paths, out="made"):
        imported = import_survey(paths, tmp_path / "m.toml", tmp_path / out, setting, load)
        return SimpleNamespace(imported=imported, survey=load(tmp_path / out))

    def refused(*paths, out="made"):
        """Return the problems of an import that must be refused, after which nothing may be there."""
        before = sorted(path.name for path in tmp_path.iterdir())
        with pytest.raises(InputError) as caught:
            import_survey(paths, tmp_path / "m.toml", tmp_path / out, setting, load)
        assert sorted(path.name for path in tmp_path.iterdir()) == before
        return caught.value.problems

    return SimpleNamespace(
        write=write, draft=draft, mapping=mapping, run=run, refused=refused, folder=Path(tmp_path), setting=setting
    )


@pytest.fixture
def answers():
    """Return what a survey holds as (expert, question, form, text)."""
    return lambda survey: [(j.expert, j.question, j.form, j.text) for j in survey.judgements]
