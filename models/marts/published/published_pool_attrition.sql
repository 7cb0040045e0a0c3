{{ pass_on(ref('int_publishing__pool_attrition')) }}
where {{ is_not_withheld() }}
