-- Removes an entry and takes the lease away from whoever is loading. The version stays for as long as a write of an older one could
-- still come in.
--
-- KEYS  entry, lease
-- ARGV  version that there is at least, life of the version alone in ms
local version = math.max(tonumber(ARGV[1]), tonumber(redis.call('HGET', KEYS[1], 'version')) or 0)
redis.call('DEL', KEYS[1], KEYS[2])
if version > 0 then
    redis.call('HSET', KEYS[1], 'version', string.format('%.0f', version))
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
