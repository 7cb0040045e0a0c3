{{ pass_on(ref('int_outcomes__attrition_detail')) }}
