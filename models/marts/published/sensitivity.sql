{{ pass_on(ref('int_publishing__sensitivity')) }}
where {{ is_not_withheld() }}
