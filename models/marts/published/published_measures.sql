{{ pass_on(ref('measures')) }}
