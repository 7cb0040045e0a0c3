{{ pass_on(ref('int_publishing__covariate_balance')) }}
