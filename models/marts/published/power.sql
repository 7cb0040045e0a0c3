{{ pass_on(ref('int_publishing__power')) }}
where {{ is_not_withheld() }}
