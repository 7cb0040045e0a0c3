{{ pass_on(ref('int_cohorts__pool_attrition')) }}
