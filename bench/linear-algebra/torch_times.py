"""Milliseconds of PyTorch's linear algebra on one thread: reads {"sizes", "seconds"}, prints a line of JSON."""
import json
import sys
import time

import torch

torch.set_num_threads(1)
given = json.load(sys.stdin)


def quickest(work):
    """The quickest call of so many seconds, and of three at least."""
    times = []
    while len(times) < 3 or sum(times) < given["seconds"]:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1000 * min(times)


found = []
for size in given["sizes"]:
    x = torch.randn(size, size)
    a = x @ x.T / size + torch.eye(size)
    lower = torch.linalg.cholesky(a)
    works = {
        "cholesky": lambda: torch.linalg.cholesky(a),
        "triangularSolve": lambda: torch.triangular_solve(x, lower, upper=False),
        "solve": lambda: torch.linalg.solve(a, x),
        "inverse": lambda: torch.linalg.inv(a),
        "determinant": lambda: torch.linalg.det(a),
    }
    found += [{"op": op, "size": size, "ms": quickest(work)} for op, work in works.items()]
print(json.dumps(found))
