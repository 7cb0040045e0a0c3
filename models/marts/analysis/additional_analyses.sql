{{ pass_on(ref('int_outcomes__additional_analyses')) }}
