{{ pass_on(ref('int_matching__fits')) }}
