-- KEYS  lease; ARGV  token, life in ms; reply  1 = it goes on, 0 = it is somebody else's or nobody's
if redis.call('GET', KEYS[1]) == ARGV[1] then
    return redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 0
