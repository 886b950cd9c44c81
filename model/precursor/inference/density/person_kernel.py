r"""The joint density of one person's answers, with the person's own effects integrated out.

A person's residuals are multivariate Student-t with four degrees of freedom: scale matrix ``S = diag(D) + V V'``, with
``D`` the noise of single answers and one column of ``V`` for each thing that several answers share (the person's bias,
slope, worldview, residual on a target, meaning of a phrase)::

    log p = lgamma((4 + n)/2) - lgamma(2) - n/2 log(4 pi) - 1/2 log det S - (4 + n)/2 log(1 + r' S^-1 r / 4).

``S`` is never formed: with ``K = I + V' D^-1 V`` (Woodbury), a person with n answers and k shared effects costs
``n k^2``.  Value and all derivatives come out of one pass:  with ``a = S^-1 r`` and ``c = (4 + n)/(4 + r'a)``,

    d/dr = -c a,    d/dD_i = (c a_i^2 - (S^-1)_ii) / 2,    d/dV = c a (a'V) - S^-1 V.

This is the model in which the heavy tail belongs to the person, not to the single answer.
"""

from __future__ import annotations

from math import lgamma, log, pi

import numpy as np

from precursor.exact.compiling import compiled

DEGREES_OF_FREEDOM = 4.0

# As in `exact.kernels`: infinite or nan, never an exception.
_jit = compiled()


@_jit
def persons_log_density(residual, variance, loading, active, first_row, first_entry, rows, columns, n_columns):
    """Return the summed log-density and its derivatives by ``residual``, ``variance`` and ``loading``.

    Rows are sorted by person (``first_row``); ``loading`` holds the entries of all V, sorted by person
    (``first_entry``), each in row ``rows`` and column ``columns`` of its person.  Rows with ``active`` zero are left
    out as if they had not been answered.
    """
    total = 0.0
    d_residual = np.zeros(residual.shape[0])
    d_variance = np.zeros(residual.shape[0])
    d_loading = np.zeros(loading.shape[0])
    for person in range(n_columns.shape[0]):
        rows_here = slice(first_row[person], first_row[person + 1])
        entries = slice(first_entry[person], first_entry[person + 1])
        total += _one_person(
            residual[rows_here], variance[rows_here], loading[entries], active[rows_here],
            rows[entries] - first_row[person], columns[entries], n_columns[person],
            d_residual[rows_here], d_variance[rows_here], d_loading[entries],
        )  # fmt: skip
    return total, d_residual, d_variance, d_loading


@_jit
def unit_log_densities(residual, variance, loading, active, first_row, first_entry, rows, columns, n_columns):
    """Return each person's log-density over draws, (draws, person); ``residual``, ``variance``, ``loading`` have draws.

    Otherwise as `persons_log_density`.
    """
    draws, persons = residual.shape[0], n_columns.shape[0]
    found = np.zeros((draws, persons))
    d_residual, d_variance = np.zeros(residual.shape[1]), np.zeros(residual.shape[1])
    d_loading = np.zeros(loading.shape[1])
    for person in range(persons):
        rows_here = slice(first_row[person], first_row[person + 1])
        entries = slice(first_entry[person], first_entry[person + 1])
        rows_of, columns_of = rows[entries] - first_row[person], columns[entries]
        for draw in range(draws):
            found[draw, person] = _one_person(
                residual[draw, rows_here], variance[draw, rows_here], loading[draw, entries], active[rows_here],
                rows_of, columns_of, n_columns[person],
                d_residual[rows_here], d_variance[rows_here], d_loading[entries],
            )  # fmt: skip
    return found


@_jit
def _one_person(r, variance, loading, active, rows, columns, k, d_r, d_variance, d_loading):  # noqa: PLR0912
    n = r.shape[0]
    precision = np.empty(n)
    answered, log_det = 0, 0.0
    for i in range(n):
        precision[i] = active[i] / variance[i]
        if active[i] > 0.0:
            answered += 1
            log_det += np.log(variance[i])
    if answered == 0:
        return 0.0
    v = np.zeros((n, k))
    for e in range(loading.shape[0]):
        v[rows[e], columns[e]] += loading[e]
    inverse, log_det_k = _inverse_of_capacitance(v, precision)
    shared = np.zeros(k)
    for i in range(n):
        for a in range(k):
            shared[a] += v[i, a] * precision[i] * r[i]
    pulled = np.dot(inverse, shared)
    alpha = np.empty(n)
    distance = 0.0
    for i in range(n):
        fitted = 0.0
        for a in range(k):
            fitted += v[i, a] * pulled[a]
        alpha[i] = precision[i] * (r[i] - fitted)
        distance += alpha[i] * r[i]
    nu = DEGREES_OF_FREEDOM
    c = (nu + answered) / (nu + distance)
    along = np.zeros(k)
    for i in range(n):
        for a in range(k):
            along[a] += alpha[i] * v[i, a]
    solved = np.empty((n, k))
    for i in range(n):
        own = precision[i]
        for a in range(k):
            entry = 0.0
            for b in range(k):
                entry += v[i, b] * inverse[b, a]
            solved[i, a] = precision[i] * entry
            own -= solved[i, a] * v[i, a] * precision[i]
        d_r[i] = -c * alpha[i]
        d_variance[i] = 0.5 * (c * alpha[i] * alpha[i] - own)
    for e in range(loading.shape[0]):
        i, a = rows[e], columns[e]
        d_loading[e] = c * alpha[i] * along[a] - solved[i, a]
    return (
        lgamma(0.5 * (nu + answered)) - lgamma(0.5 * nu) - 0.5 * answered * log(nu * pi)
        - 0.5 * (log_det + log_det_k) - 0.5 * (nu + answered) * np.log1p(distance / nu)
    )  # fmt: skip


@_jit
def _inverse_of_capacitance(v, precision):
    """Return the inverse and log-determinant of ``I + V' diag(precision) V`` (symmetric, at least the identity)."""
    n, k = v.shape
    matrix = np.eye(k)
    for i in range(n):
        for a in range(k):
            if v[i, a] != 0.0:
                for b in range(a + 1):
                    matrix[a, b] += v[i, a] * precision[i] * v[i, b]
    # Cholesky in place, then the inverse of the triangle.
    log_det = 0.0
    for a in range(k):
        for b in range(a + 1):
            value = matrix[a, b]
            for j in range(b):
                value -= matrix[a, j] * matrix[b, j]
            if a == b:
                matrix[a, a] = np.sqrt(value)
                log_det += np.log(value)
            else:
                matrix[a, b] = value / matrix[b, b]
    triangle = np.zeros((k, k))
    for a in range(k):
        triangle[a, a] = 1.0 / matrix[a, a]
        for b in range(a):
            value = 0.0
            for j in range(b, a):
                value -= matrix[a, j] * triangle[j, b]
            triangle[a, b] = value / matrix[a, a]
    return np.dot(triangle.T, triangle), log_det
