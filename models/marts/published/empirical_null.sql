{{ pass_on(ref('int_publishing__empirical_null')) }}
