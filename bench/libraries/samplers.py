"""The same model for two general samplers, written as their users write it.

Log risk = intercept + sigma (sqrt(1 - rho) v + sqrt(rho / scale) u): u intrinsic autoregressive with a soft
sum of zero, v standard normal, intercept ~ normal(0, 10), sigma ~ half-normal(1), rho ~ uniform(0, 1). Four
chains, one after the other on one core.
"""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from bench.libraries.carolina import Array, Counties, Fit, Taken, Watch
from bench.libraries.tables import CHAINS

TUNE: Final = 1000
FIXED_SD: Final = 10.0
#: Standard deviation of the mean of u, as PyMC has it; what is left goes into the intercept.
ZERO_SUM_SD: Final = 0.001
SUMMARISED: Final = ("risk", "sigma", "rho")


def pymc_nutpie(data: Counties, draws: int, seed: int) -> Fit:
    """PyMC's model, sampled by nutpie."""
    import nutpie
    import pymc as pm

    start = Watch()
    with pm.Model() as model:
        intercept = pm.Normal("intercept", 0, FIXED_SD)
        sigma, rho = pm.HalfNormal("sigma", 1), pm.Uniform("rho", 0, 1)
        v = pm.Normal("v", 0, 1, shape=len(data.deaths))
        u = pm.ICAR("u", W=data.touching, zero_sum_stdev=ZERO_SUM_SD)
        effect = sigma * (pm.math.sqrt(1 - rho) * v + pm.math.sqrt(rho / data.scale) * u)
        risk = pm.Deterministic("risk", pm.math.exp(intercept + effect))
        pm.Poisson("deaths", data.expected * risk, observed=data.deaths)
    compiled = nutpie.compile_pymc_model(model)
    compiling = start.read()
    start = Watch()
    trace = nutpie.sample(
        compiled, draws=draws, tune=TUNE, chains=CHAINS, cores=1, seed=seed, progress_bar=False
    )
    drawn = {name: np.asarray(trace.posterior[name]) for name in SUMMARISED}
    return _fit(drawn, compiling, start.read(), seed)


def numpyro_nuts(data: Counties, draws: int, seed: int) -> Fit:
    """NumPyro's own sampler. It compiles as it starts: how long, a run of a single draw says."""
    import numpyro

    numpyro.enable_x64()
    start = Watch()
    _numpyro_run(data, 1, 1, 1, seed)
    compiling = start.read()
    start = Watch()
    found = _numpyro_run(data, TUNE, draws, CHAINS, seed)
    whole = start.read()
    return _fit(
        found, compiling, Taken(*(max(x - y, 0.0) for x, y in zip(whole, compiling, strict=True))), seed
    )


def _numpyro_run(data: Counties, tune: int, draws: int, chains: int, seed: int) -> dict[str, Array]:
    import jax
    from numpyro.infer import MCMC, NUTS

    sampler = MCMC(
        NUTS(numpyro_model),
        num_warmup=tune,
        num_samples=draws,
        num_chains=chains,
        chain_method="sequential",
        progress_bar=False,
    )
    sampler.run(jax.random.PRNGKey(seed), data)
    drawn = sampler.get_samples(group_by_chain=True)
    return {name: np.asarray(drawn[name]) for name in SUMMARISED}


def numpyro_model(data: Counties) -> None:
    """The model in NumPyro's words."""
    import jax.numpy as jnp
    import numpyro
    from numpyro import distributions as dist

    areas = len(data.deaths)
    first, second = data.pairs
    intercept = numpyro.sample("intercept", dist.Normal(0.0, FIXED_SD))
    sigma = numpyro.sample("sigma", dist.HalfNormal(1.0))
    rho = numpyro.sample("rho", dist.Uniform(0.0, 1.0))
    v = numpyro.sample("v", dist.Normal(0.0, 1.0).expand([areas]))
    u = numpyro.sample("u", dist.ImproperUniform(dist.constraints.real_vector, (), (areas,)))
    numpyro.factor("icar", -0.5 * jnp.sum((u[first] - u[second]) ** 2))
    numpyro.factor("zero_sum", dist.Normal(0.0, ZERO_SUM_SD * areas).log_prob(jnp.sum(u)))
    effect = sigma * (jnp.sqrt(1 - rho) * v + jnp.sqrt(rho / data.scale) * u)
    risk = numpyro.deterministic("risk", jnp.exp(intercept + effect))
    numpyro.sample("deaths", dist.Poisson(data.expected * risk), obs=data.deaths)


def _fit(draws_of: dict[str, Array], compiling: Taken, sampling: Taken, seed: int) -> Fit:
    """Summarise draws of shape (chains, draws, ...)."""
    import arviz as az

    risk = draws_of["risk"]
    data: Any = az.convert_to_dataset(draws_of)
    worst = max(float(az.rhat(data)[name].max()) for name in draws_of)
    least = min(float(az.ess(data)[name].min()) for name in draws_of)
    mean, above = risk.mean((0, 1)), (risk > 1).mean((0, 1))
    return Fit(mean, above, compiling, sampling, risk.shape[1], seed, worst, least)
