"""Checks of the fits themselves: simulated answers fitted again, many times, on one machine or a cluster.

campaign = Campaign("example", "package.module:function", seed=1, settings={...}, count=500)
results = run(campaign, ResultsFolder(folder), LocalScheduler())   # resumable; the same bytes on any scheduler
"""

from precursor.validation.campaign import Campaign, Task
from precursor.validation.results import ResultsFolder
from precursor.validation.run import run
from precursor.validation.schedulers import InProcess, OnDask, Scheduler, scheduler_of

__all__ = ["Campaign", "InProcess", "OnDask", "ResultsFolder", "Scheduler", "Task", "run", "scheduler_of"]
