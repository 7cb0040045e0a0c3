{{ pass_on(ref('int_publishing__attrition')) }}
where {{ is_not_withheld() }}
