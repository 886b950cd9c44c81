"""Compiled functions are kept on disk where they can be, and work where they cannot."""

from numba.core.caching import CacheImpl

from precursor.exact.compiling import compiled


def quotient(a, b):
    return a / b


def test_a_compiled_function_divides_as_numpy_does():
    assert compiled()(quotient)(1.0, 0.0) == float("inf")


def test_without_a_place_to_keep_it_a_function_is_compiled_all_the_same(monkeypatch):
    monkeypatch.setattr(CacheImpl, "_locator_classes", [])
    made = compiled(nogil=True)(quotient)
    assert made(1.0, 4.0) == 0.25
    assert not made.stats.cache_path
