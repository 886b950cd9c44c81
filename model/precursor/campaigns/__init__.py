"""Many independent fits: on one machine or a cluster, resumable, the same bytes wherever they run.

campaign = Campaign("example", "package.module:function", seed=1, settings={...}, count=500)
results = run(campaign, ResultsFolder(folder), OnDask())   # resumable; the same bytes on any scheduler
"""

from precursor.campaigns.campaign import Campaign, Task
from precursor.campaigns.results import ResultsFolder
from precursor.campaigns.run import run
from precursor.campaigns.schedulers import InProcess, OnDask, Scheduler, scheduler_of

__all__ = ["Campaign", "InProcess", "OnDask", "ResultsFolder", "Scheduler", "Task", "run", "scheduler_of"]
