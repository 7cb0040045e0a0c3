{{ pass_on(ref('int_publishing__covariate_balance')) }}
where {{ is_not_withheld() }}
