import numpy as np
from scipy.stats import t

from precursor.calibration.expert_model import model_of
from precursor.calibration.forecasts import resolved


def test_answers_are_student_t_about_consensus_bias_and_extremity_and_ends_are_censored():
    forecasts = resolved({("q", "a"): 0.3, ("q", "b"): 0.0, ("r", "a"): 1.0, ("r", "b"): 0.62}, {"q": 0, "r": 1})
    model = model_of(forecasts)
    names = {variable.name: variable for variable in model.deterministics}
    wanted = [names[name] for name in ("bias", "extremity", "noise", "log_odds", "nu")]
    inputs = [model.rvs_to_values[variable] for variable in model.free_RVs]
    graph = model.replace_rvs_by_values([*wanted, *model.potentials])
    from pytensor import function

    point = model.initial_point()
    random = np.random.default_rng(4)
    point = {name: np.asarray(value + 0.4 * random.normal(size=np.shape(value))) for name, value in point.items()}
    bias, extremity, noise, log_odds, nu, answers, outcomes = function(inputs, graph, mode="FAST_COMPILE")(
        *(point[variable.name] for variable in inputs)
    )
    spread = np.exp(point["spread_log__"])
    flat = np.sqrt(1 + (16 * np.sqrt(3) / (15 * np.pi)) ** 2 * nu**2)
    moved = flat * point["slope"] * (point["consensus"] - point["average"]) + nu * point["beyond"]
    np.testing.assert_allclose(log_odds, flat * (point["average"] + point["eta"]) + moved)
    unit = moved / np.hypot(flat * point["slope"] * spread, nu)
    total = 0.0
    for row, (e, q) in enumerate(zip(forecasts.expert, forecasts.question, strict=True)):
        location = point["consensus"][q] + bias[e] + extremity[e] * spread * unit[q]
        stated, side = forecasts.log_odds[row], forecasts.side[row]
        scale = np.hypot(noise[e], forecasts.rounding[row])
        density = {0: t.logpdf, -1: t.logcdf, 1: t.logsf}[int(side)](stated, 4, location, scale)
        # The constant of Student's density is left out where there is no censoring.
        total += density - (np.log(3 / 8) if side == 0 else 0.0)
    np.testing.assert_allclose(answers, total)
    sign = 2 * forecasts.outcome - 1
    np.testing.assert_allclose(outcomes, -np.logaddexp(0, -sign * log_odds).sum())
