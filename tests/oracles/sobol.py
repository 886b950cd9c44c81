"""Sobol indices of the Ishigami function in closed form (Ishigami and Homma 1990), and of linear models."""

from math import pi, sin


def ishigami(x, a=7.0, b=0.1):
    return sin(x[0]) + a * sin(x[1]) ** 2 + b * x[2] ** 4 * sin(x[0])


def ishigami_indices(a=7.0, b=0.1):
    """Return first-order and total indices of three uniform factors on (-pi, pi)."""
    one = 0.5 * (1 + b * pi**4 / 5) ** 2
    two = a**2 / 8
    both = b**2 * pi**8 * (1 / 18 - 1 / 50)
    whole = one + two + both
    return [one / whole, two / whole, 0.0], [(one + both) / whole, two / whole, both / whole]


def linear_indices(coefficients):
    """Return the indices of a sum of independent standard normals times coefficients."""
    whole = sum(c * c for c in coefficients)
    return [c * c / whole for c in coefficients]
