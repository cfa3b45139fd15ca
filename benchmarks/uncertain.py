"""Monte Carlo, Sobol indices and one page's worth of figures, beside the packages that do the same; one thread.

    python benchmarks/uncertain.py [--turns 7] [--numpy]

Ours is what the screen and the command call: `draw`, the model's outcome and its quantiles; `sobol_indices`; and
`response_model`, `tornado`, `simulate` and the rest for one object.
"""

from __future__ import annotations

import argparse
import os
import time
import warnings
from collections.abc import Callable
from dataclasses import replace

os.environ.update(OMP_NUM_THREADS="1", OPENBLAS_NUM_THREADS="1")

import chaospy
import monaco
import numpy as np
import pandas as pd
from SALib.analyze import sobol as salib_analyze
from SALib.sample import sobol as salib_sample
from scipy import stats
from side_by_side import Method, show, take_turns, without_kernels

from tests.building import build_case
from valuation.appraisal import appraise
from valuation.case import Case
from valuation.distributions import Distribution
from valuation.key_figures import internal_rates, payback_years
from valuation.lines import activity, compile_lines
from valuation.response import response_model
from valuation.sensitivity import sobol_indices, tornado
from valuation.social_value import society_totals
from valuation.uncertainty import _kept_scrambled, _sobol_block, draw, simulate, summary

YEARS, DRAWS = 40, 32_768
MANY = 2**18
SHAPES = ["triangular"] * 7 + ["uniform", "pert", "pert", "lognormal"]


def object_with(shapes: list[str]) -> Case:
    """One object whose initiative has an effect of each shape, and an uncertain discount rate."""
    case = build_case(
        assets=[{"proposed_price_eur": 100_000.0, "market_value_eur": 150_000.0}],
        initiatives=[
            {
                "asset_id": "1",
                "duration_years": YEARS,
                "operating_cost_eur_per_year": 20_000.0,
                "renovation_eur": 90_000.0,
            }
        ],
        effects=[
            {
                "effect": str(number),
                "quantity": 40.0 + number,
                "unit_value_eur": 60.0,
                "deadweight": 0.2,
                "low": 30.0,
                "high": 120.0,
                "distribution": shape,
                "drop_off": 0.01,
            }
            for number, shape in enumerate(shapes)
        ],
        horizon_years=YEARS,
    )
    rates = pd.DataFrame({"low": [0.01], "high": [0.04], "distribution": ["triangular"]}, index=["discount_rate"])
    return replace(case, assumption_ranges=rates)


def amounts(shapes: list[str]) -> np.ndarray:
    return (40.0 + np.arange(len(shapes))) * (1 - 0.2)


def closed_form(rate: np.ndarray | float, values: list[np.ndarray | float], weights: np.ndarray) -> np.ndarray | float:
    """The same object as a formula, for the peers: works on numbers and on arrays."""
    factor = 1 / (1 + rate)
    with_drop_off = factor * (1 - (0.99 * factor) ** YEARS) / (1 - 0.99 * factor)
    level = factor * (1 - factor**YEARS) / (1 - factor)
    total = 0.0
    for weight, value in zip(weights, values, strict=True):
        total = total + weight * value
    return total * with_drop_off - 20_000.0 * level - 90_000.0


def scipy_distribution(shape: str) -> tuple[object, dict[str, float]]:
    low, mode, high = 30.0, 60.0, 120.0
    width, part = high - low, (mode - low) / (high - low)
    if shape == "triangular":
        return stats.triang, {"c": part, "loc": low, "scale": width}
    if shape == "uniform":
        return stats.uniform, {"loc": low, "scale": width}
    if shape == "pert":
        return stats.beta, {"a": 1 + 4 * part, "b": 5 - 4 * part, "loc": low, "scale": width}
    spread = np.log(high / low) / (2 * stats.norm.ppf(0.95))
    return stats.lognorm, {"s": spread, "scale": np.sqrt(low * high)}


def chaospy_distribution(shape: str) -> object:
    if shape == "triangular":
        return chaospy.Triangle(30, 60, 120)
    if shape == "uniform":
        return chaospy.Uniform(30, 120)
    if shape == "pert":
        return chaospy.PERT(30, 60, 120)
    spread = np.log(120 / 30) / (2 * stats.norm.ppf(0.95))
    return chaospy.LogNormal(np.log(30 * 120) / 2, spread)


# ---- Monte Carlo ---------------------------------------------------------------------------------


def ours(case: Case, draws: int, seed: int, *, keep: bool) -> dict[str, float]:
    """Draw, value and summarise; with the points of the last time when `keep`."""
    if not keep:
        for kept in (_sobol_block, _kept_scrambled):
            kept.cache_clear()
    model = response_model(case)
    return summary(draw(model, draws, seed).outcome("social_value_eur", 0))


def with_monaco(shapes: list[str], draws: int) -> np.ndarray:
    weights = amounts(shapes)
    names = ["rate", *(f"x{number}" for number in range(len(shapes)))]

    def preprocess(each: object) -> tuple[float, list[float]]:
        values = [each.invals[name].val for name in names]
        return values[0], values[1:]

    def run(rate: float, values: list[float]) -> tuple[float]:
        return (closed_form(rate, values, weights),)

    def postprocess(each: object, value: float) -> None:
        each.addOutVal("value", value)

    functions = {"preprocess": preprocess, "run": run, "postprocess": postprocess}
    simulation = monaco.Sim(
        name="object",
        ndraws=draws,
        fcns=functions,
        seed=1,
        singlethreaded=True,
        verbose=False,
        savesimdata=False,
        savecasedata=False,
    )
    simulation.addInVar(name="rate", dist=stats.triang, distkwargs={"c": 0.41667, "loc": 0.01, "scale": 0.03})
    for name, shape in zip(names[1:], shapes, strict=True):
        distribution, parameters = scipy_distribution(shape)
        simulation.addInVar(name=name, dist=distribution, distkwargs=parameters)
    simulation.runSim()
    values = np.asarray(simulation.outvars["value"].nums)
    np.quantile(values, [0.1, 0.5, 0.9])
    return values


def with_chaospy(shapes: list[str], draws: int) -> dict[str, float]:
    joint = chaospy.J(chaospy.Triangle(0.01, 0.0225, 0.04), *(chaospy_distribution(shape) for shape in shapes))
    points = joint.sample(draws, rule="sobol", seed=1)
    return summary(closed_form(points[0], list(points[1:]), amounts(shapes)))


# ---- Sobol indices -------------------------------------------------------------------------------


def with_salib(shapes: list[str], base: int) -> dict[str, np.ndarray]:
    """SALib with a vectorised model: its sample of uniform numbers through the same quantiles."""
    count = len(shapes) + 1
    problem = {"num_vars": count, "names": [str(number) for number in range(count)], "bounds": [[0.0, 1.0]] * count}
    points = salib_sample.sample(problem, base, calc_second_order=False, seed=1)
    points = np.clip(points, 1e-9, 1 - 1e-9)
    rate = Distribution("triangular", 0.01, 0.0225, 0.04).quantile(points[:, 0])
    values = [
        Distribution(shape, 30.0, 60.0, 120.0).quantile(points[:, number + 1]) for number, shape in enumerate(shapes)
    ]
    outcome = closed_form(rate, values, amounts(shapes))
    return salib_analyze.analyze(problem, outcome, calc_second_order=False, num_resamples=100, seed=1)


def check_indices(case: Case, shapes: list[str], base: int) -> None:
    found, peer = (
        sobol_indices(response_model(case), "social_value_eur", "1", base_points=base),
        with_salib(shapes, base),
    )
    for name, key in (("first", "S1"), ("total", "ST")):
        half = (found[f"{name}_high"] - found[f"{name}_low"]).to_numpy() / 2
        outside = np.abs(found[name].to_numpy() - peer[key]) - np.maximum(half, peer[f"{key}_conf"])
        print(
            f"{key}: largest difference with SALib {np.abs(found[name].to_numpy() - peer[key]).max():.4f}, "
            f"{'all' if (outside <= 0).all() else 'not all'} within the confidence intervals"
        )


# ---- accuracy and one page -----------------------------------------------------------------------


def accuracy(case: Case, seeds: int = 100) -> float:
    """Error of the worst of P10, P50 and P90 as a part of P90 - P10, in 95 % of seeds."""
    model = response_model(case)
    many = [summary(draw(model, 2**18, 10_000 + seed).outcome("social_value_eur", 0)) for seed in range(4)]
    truth = {name: np.mean([each[name] for each in many]) for name in ("p10", "p50", "p90")}
    errors = []
    for seed in range(seeds):
        found = summary(draw(model, DRAWS, seed).outcome("social_value_eur", 0))
        errors.append(max(abs(found[name] - truth[name]) for name in truth) / (truth["p90"] - truth["p10"]))
    return float(np.quantile(errors, 0.95))


def page(case: Case) -> None:
    """Yearly table, payback, IRR, tornado, draws and histogram of one object after a slider moved; nothing is kept."""
    lines = compile_lines(case, activity(case))
    society_totals(lines, lines.asset, 1)
    flows = lines.yearly_totals(lines.asset, 1, lines.society * lines.direction)
    payback_years(flows * lines.society_discount)
    internal_rates(flows)
    model = response_model(case)
    tornado(model, "social_value_eur", "1")
    values = draw(model, 8_192).outcome("social_value_eur", 0)
    summary(values)
    np.histogram(values, bins=40)


def milliseconds(call: Callable[[], object], times: int = 200) -> str:
    """Time on the clock and on the processor: on a busy machine the clock also counts the work of others."""
    call()
    spent = []
    for _ in range(times):
        start = time.perf_counter(), time.thread_time()
        call()
        spent.append((time.perf_counter() - start[0], time.thread_time() - start[1]))
    (clock, processor), (slow_clock, slow_processor) = np.quantile(spent, [0.5, 0.95], axis=0) * 1000
    return (
        f"{clock:.1f} ms at the median, {slow_clock:.1f} ms at the 95th percentile "
        f"(of the processor {processor:.1f} and {slow_processor:.1f} ms; load {os.getloadavg()[0]:.1f})"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--numpy", action="store_true", help="without the kernels of the extra `fast`")
    options = parser.parse_args()
    if options.numpy:
        without_kernels()
    warnings.simplefilter("ignore")

    for title, shapes in (("the shapes mixed", SHAPES), ("all triangular, the default", ["triangular"] * 11)):
        case = object_with(shapes)
        central = closed_form(0.0225, [60.0] * 11, amounts(shapes))
        np.testing.assert_allclose(appraise(case).asset("1")["social_value_eur"], central, rtol=1e-12)
        found = take_turns(
            Method("ours", MANY, lambda case=case: ours(case, MANY, 1, keep=False)),
            [
                Method("ours, points kept", MANY, lambda case=case: ours(case, MANY, 1, keep=True)),
                Method("monaco", 1_000, lambda shapes=shapes: with_monaco(shapes, 1_000)),
                Method("chaospy", 2**15, lambda shapes=shapes: with_chaospy(shapes, 2**15)),
            ],
            turns=options.turns,
        )
        show(f"Monte Carlo, 12 inputs, {title}", found, {"monaco": 500, "chaospy": 30}, "draws")

    case = object_with(SHAPES)
    model = response_model(case)
    found = take_turns(
        Method("ours", 1, lambda: sobol_indices(model, "social_value_eur", "1")),
        [Method("SALib, vectorised model", 1, lambda: with_salib(SHAPES, 4096))],
        turns=options.turns,
    )
    show("Sobol indices, 12 inputs, N = 4096, bootstrap included", found, {"SALib, vectorised model": 25}, "times")
    check_indices(case, SHAPES, 4096)

    error = accuracy(case)
    print(f"\nAt {DRAWS:,} draws P10, P50 and P90 are within {error:.2%} of P90 - P10 in 95 % of seeds (goal: 0.5 %)")
    fifteen = object_with(["triangular"] * 14)
    for title, call in (
        ("one object, everything for the page (goal: 10 ms at the 95th percentile)", lambda: page(fifteen)),
        ("all tables and warnings of the same object (appraise)", lambda: appraise(fifteen)),
        ("all figures of METHOD §9 for the JSON (simulate, 32,768 draws)", lambda: simulate(case)),
    ):
        print(f"{title}: {milliseconds(call)}")


if __name__ == "__main__":
    main()
