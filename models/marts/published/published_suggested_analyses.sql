{{ pass_on(ref('int_publishing__suggested_analyses')) }}
