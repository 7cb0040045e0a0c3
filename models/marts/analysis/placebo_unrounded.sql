{{ pass_on(ref('int_outcomes__placebo')) }}
