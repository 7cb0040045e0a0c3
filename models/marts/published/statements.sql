{{ pass_on(ref('int_publishing__request_statements')) }}
where {{ is_not_withheld() }}
