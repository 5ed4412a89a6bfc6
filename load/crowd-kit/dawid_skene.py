"""Times crowd-kit's Dawid-Skene: `dawid_skene.py FILE ITERATIONS`.

FILE has the columns task, worker and label. Exactly so many EM iterations are made, whatever changes: two programs are
compared by the same work. Prints JSON; reading the file does not count.
"""

import json
import sys
import time

import pandas
from crowdkit.aggregation import DawidSkene

answers = pandas.read_csv(sys.argv[1])
model = DawidSkene(n_iter=int(sys.argv[2]), tol=float("-inf"))
started = time.perf_counter()
model.fit(answers)
seconds = time.perf_counter() - started
print(json.dumps({"seconds": seconds, "iterations": len(model.loss_history_), "answers": len(answers)}))
