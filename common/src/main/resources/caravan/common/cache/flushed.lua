-- KEYS  the counts set aside; ARGV  id of those that are written; reply  1 = removed, 0 = there are others by now
if redis.call('HGET', KEYS[1], '#') == ARGV[1] then
    return redis.call('DEL', KEYS[1])
end
return 0
