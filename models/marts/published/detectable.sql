{{ pass_on(ref('int_publishing__detectable')) }}
