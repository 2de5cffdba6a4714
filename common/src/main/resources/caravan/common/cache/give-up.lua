-- KEYS  lease; ARGV  token; reply  1 = given up, 0 = it was somebody else's or nobody's
if redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('DEL', KEYS[1])
end
return 0
