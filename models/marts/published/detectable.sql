{{ pass_on(ref('int_publishing__detectable')) }}
where {{ is_not_withheld() }}
