"""The canonical form is that of RFC 8785, whichever way it is written."""

from __future__ import annotations

import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from tests.examples import examples
from timeline.projections.answer import canonical

texts = st.text(st.sampled_from('aé日\U0001f600\ufb01\\":,]}{e1.5\n'), max_size=6)
numbers = st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    texts | numbers | st.none() | st.booleans(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=8,
)


@examples(1000)
@given(st.dictionaries(texts, values, max_size=4))
@example({"\ufb01": 1, "\U0001f600": 2})
@example({'\ufb01"x': 1, '\U0001f600"x': 2})
@example({"\ufb01:": 1, "\U0001f600\\": 2})
@example({"a": 1e16, "b": [1.5e300], "c": -0.0, "d": 1e-7})
@example({"é": "é", "a": 'é":', "b": "\\"})
def test_an_answer_is_written_as_rfc_8785_says(answer):
    assert canonical(answer) == rfc8785.dumps(answer)
