{{ pass_on(ref('int_outcomes__suggested_analyses')) }}
