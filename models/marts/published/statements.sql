{{ pass_on(ref('int_publishing__request_statements')) }}
