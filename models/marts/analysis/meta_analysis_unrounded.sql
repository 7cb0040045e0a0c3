{{ pass_on(ref('int_outcomes__meta_analysis')) }}
