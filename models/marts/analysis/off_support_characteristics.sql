{{ pass_on(ref('int_matching__off_support')) }}
