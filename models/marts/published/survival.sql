{{ pass_on(ref('int_publishing__survival')) }}
where {{ is_not_withheld() }}
