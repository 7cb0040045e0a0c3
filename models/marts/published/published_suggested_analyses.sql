{{ pass_on(ref('int_publishing__suggested_analyses')) }}
where {{ is_not_withheld() }}
