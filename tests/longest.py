"""Which files begin first when several workers share the suite."""

from xdist.scheduler import LoadFileScheduling
from xdist.workermanage import WorkerController

# A few tests that take minutes: begun last, they would keep one worker busy when the rest is idle.
LONGEST = ("tests/api/test_schemathesis.py",)


class LongestFirst(LoadFileScheduling):
    """Files by their number of tests, as xdist gives them out, after the longest ones."""

    def _assign_work_unit(self, node: WorkerController) -> None:
        for file in LONGEST:
            if file in self.workqueue:
                self.workqueue.move_to_end(file, last=False)
        super()._assign_work_unit(node)
