"""The synthetic raw zone: a believable England and Wales in small, with known true effects.

The stages, one module each: `people` (who they are, jobs and claims), `careers` (offending as a
point process, `disposals` for what courts do), `plans` (the requests) and `further` (more of them),
`selection` (who comes to a service, from what `proposals` offers and `rulebook` judges),
`treatment` (what the service does), `names`, `register` (rows of the extracts), `uploads` (what
providers send), `zone` and `build` (writing).
"""

from justice_data_lab.sample.build import STAGES, write_sample
from justice_data_lab.sample.plans import STANDING_REQUESTS
from justice_data_lab.sample.selection import SampleError
from justice_data_lab.sample.settings import MINIMUM_PEOPLE

__all__ = ["MINIMUM_PEOPLE", "STAGES", "STANDING_REQUESTS", "SampleError", "write_sample"]
