-- Removes an entry, and the lease of whoever is loading it, so that the next reader begins at once. When that was, and the version, stay
-- for as long as something from before could still come in.
--
-- KEYS  entry, lease
-- ARGV  version that there is at least, life of what stays in ms
local time = redis.call('TIME')
local version = math.max(tonumber(ARGV[1]), tonumber(redis.call('HGET', KEYS[1], 'version')) or 0)
redis.call('DEL', KEYS[1], KEYS[2])
redis.call(
    'HSET', KEYS[1],
    'gone', string.format('%.0f', time[1] * 1000000 + time[2]),
    'version', string.format('%.0f', version))
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1
