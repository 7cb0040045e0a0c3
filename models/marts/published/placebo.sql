{{ pass_on(ref('int_publishing__placebo')) }}
where {{ is_not_withheld() }}
