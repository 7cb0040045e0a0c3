"""The pseudonym is HMAC-SHA-256 cut to 64 bits, one purpose a use."""

import hashlib
import hmac

from justice_data_lab.dbt_plugins.pseudonyms import pseudonym_function


def test_pseudonym_is_a_truncated_hmac() -> None:
    digest = hmac.new(b"key", b"analysis\x00" + b"2003/0011985X", hashlib.sha256).digest()
    expected = int.from_bytes(digest[:8], "big", signed=True)
    assert pseudonym_function("key")("analysis", "2003/0011985X") == expected


def test_pseudonym_depends_on_key_and_purpose() -> None:
    function = pseudonym_function("key")
    assert function("analysis", "a") != function("release", "a")
    assert function("analysis", "a") != pseudonym_function("other")("analysis", "a")
