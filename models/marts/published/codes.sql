{{ pass_on(ref('published_codes')) }}
