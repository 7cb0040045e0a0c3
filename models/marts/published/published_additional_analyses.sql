{{ pass_on(ref('int_publishing__additional_analyses')) }}
