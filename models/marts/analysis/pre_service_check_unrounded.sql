{{ pass_on(ref('int_outcomes__year_before')) }}
