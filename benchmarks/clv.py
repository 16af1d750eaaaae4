"""CLV: fitting and predicting millions of customers, beside lifetimes 0.11.3 where it finishes.

Each measurement runs in a process of its own, so that its peak memory is its own.

    .venv/bin/python benchmarks/clv.py [--people 5000000] [--pareto-people 1000000] [--peer-people 1000000]
"""

import argparse
import json
import resource
import subprocess
import sys
import time
import venv
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-peers" / "lifetimes"
# BG/NBD with integer days, so that customers repeat as they do in real data.
R, ALPHA, A, B = 0.243, 30.9, 0.793, 2.426
LIMITS = {"bg_nbd": 3.0, "pareto_nbd": 1.5}
MEMORY_MB = 1024.0

_PEER_CODE = """
import json, resource, sys, time, warnings
import numpy as np
warnings.simplefilter("ignore")
import lifetimes
x, t, T = np.load(sys.argv[1])
fitter = {"bg_nbd": lifetimes.BetaGeoFitter, "pareto_nbd": lifetimes.ParetoNBDFitter}[sys.argv[2]]()
start = time.perf_counter()
fitter.fit(x, t, T)
total = float(np.sum(fitter.conditional_expected_number_of_purchases_up_to_time(273, x, t, T)))
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(json.dumps({"seconds": seconds, "peak_mb": peak, "parameters": dict(fitter.params_), "total": total}))
"""


def histories(people: int, *, seed: int) -> np.ndarray:
    """Frequency, recency and age in whole days of simulated BG/NBD customers, joined over a year."""
    rng = np.random.default_rng(seed)
    age = rng.integers(1, 366, people).astype(np.float64)
    rate, leave = rng.gamma(R, 1 / ALPHA, people), rng.beta(A, B, people)
    x, last, at = np.zeros(people), np.zeros(people), np.zeros(people)
    active = np.arange(people)
    while len(active):
        at[active] += rng.exponential(1 / rate[active])
        active = active[at[active] <= age[active]]
        day = np.ceil(at[active])
        x[active] += day > last[active]
        last[active] = day
        active = active[rng.random(len(active)) >= leave[active]]
    return np.array([x, last, age])


def ours(path: str, model: str) -> dict[str, object]:
    """Fit and predict with this library, in this process."""
    from fanwheel.measure import clv

    x, recency, age = np.load(path)
    data = {"frequency": x, "recency": recency, "age": age}
    start = time.perf_counter()
    fitted = {"bg_nbd": clv.fit_bg_nbd, "pareto_nbd": clv.fit_pareto_nbd}[model](data)
    fit = time.perf_counter() - start
    predicted = fitted.expected_purchases(data, 273)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "seconds": seconds, "fit_seconds": fit, "peak_mb": peak,
        "parameters": fitted.parameters(), "total": predicted.total,
    }  # fmt: skip


def peer(path: Path, model: str) -> dict[str, object] | None:
    """The same with lifetimes, in its own environment."""
    python = PEER / "bin" / "python"
    if not python.exists():
        venv.create(PEER, with_pip=True)
        wanted = ["lifetimes==0.11.3", "pandas<2.2", "numpy<2", "scipy<1.14"]
        done = subprocess.run([python, "-m", "pip", "install", "-q", *wanted], capture_output=True, text=True)
        if done.returncode:
            print(f"lifetimes does not install: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
            return None
    done = subprocess.run([python, "-c", _PEER_CODE, path, model], capture_output=True, text=True)
    if done.returncode:
        print(f"lifetimes failed: {done.stderr.strip().splitlines()[-1:]}", file=sys.stderr)
        return None
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def make(path: Path, people: int) -> None:
    """Simulate in a process of its own: peak memory is handed down to the processes that follow."""
    subprocess.run([sys.executable, __file__, "--make", path, str(people)], check=True)


def mine(path: Path, model: str) -> dict[str, object]:
    command = [sys.executable, __file__, "--only", str(path), model]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return dict(json.loads(done.stdout.strip().splitlines()[-1]))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=5_000_000)
    parser.add_argument("--pareto-people", type=int, default=1_000_000)
    parser.add_argument("--peer-people", type=int, default=1_000_000)
    parser.add_argument("--peer-pareto-people", type=int, default=100_000)
    parser.add_argument("--only", nargs=2)
    parser.add_argument("--make", nargs=2)
    options = parser.parse_args()
    if options.make:
        np.save(options.make[0], histories(int(options.make[1]), seed=1))
        return 0
    if options.only:
        print(json.dumps(ours(*options.only)))
        return 0

    from benchmarks._bench import report

    folder = ROOT / ".venv-peers"
    folder.mkdir(exist_ok=True)
    ok = True
    for model, people, peer_people in (
        ("bg_nbd", options.people, options.peer_people),
        ("pareto_nbd", options.pareto_people, options.peer_pareto_people),
    ):
        path = folder / "clv.npy"
        make(path, people)
        done = mine(path, model)
        print(json.dumps({"model": model, "people": people} | done))
        ok &= report(f"clv_{model}_{people}", done["seconds"], "s", limit=0, target=LIMITS[model], at_most=True)
        ok &= report(f"clv_{model}_{people}_peak", done["peak_mb"], "MB", limit=0, target=MEMORY_MB, at_most=True)
        if peer_people:
            make(path, peer_people)
            done, other = mine(path, model), peer(path, model)
            print(json.dumps({"model": model, "people": peer_people} | done))
            if other:
                print(json.dumps({"model": model, "people": peer_people, "peer": "lifetimes 0.11.3"} | other))
                ok &= report(
                    f"clv_{model}_{peer_people}_of_lifetimes", done["seconds"], "s", limit=other["seconds"],
                    target=0.5, at_most=True,
                )  # fmt: skip
        path.unlink()
    return 0 if ok else 1


if __name__ == "__main__":
    sys.exit(main())
