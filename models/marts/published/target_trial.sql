{{ pass_on(ref('int_publishing__target_trial')) }}
where {{ is_not_withheld() }}
