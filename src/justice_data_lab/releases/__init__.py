"""Releases: what was reviewed is frozen under a version, and can be built again to the last figure.

Read ``hashes`` (what reviewer and approver agree on), ``manifest`` and ``register`` (what was
released), ``freeze`` (making a release), ``comparison`` (what changed since the last), ``checks``
(is it as it was) and ``reproduce`` (build it again). ``build_state`` tells if a build ended well.
"""

from justice_data_lab.releases.checks import ReleaseCheck, check_release
from justice_data_lab.releases.freeze import Approval, ReleaseError, freeze_release
from justice_data_lab.releases.hashes import Fingerprint, fingerprint_of

__all__ = [
    "Approval",
    "Fingerprint",
    "ReleaseCheck",
    "ReleaseError",
    "check_release",
    "fingerprint_of",
    "freeze_release",
]
