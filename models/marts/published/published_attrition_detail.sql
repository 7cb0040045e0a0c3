{{ pass_on(ref('int_publishing__attrition_detail')) }}
where {{ is_not_withheld() }}
