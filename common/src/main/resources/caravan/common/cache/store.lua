-- Stores what was loaded or written, unless something newer is there: a higher version, or what was read later of the same version. What
-- was read before an invalidation is refused. So the order does not depend on who has the lease, which only saves work.
--
-- KEYS  entry, lease
-- ARGV  token, or nothing when there is no lease; life of the version alone in ms; at, took, fresh, dead, version, and body unless
--       nothing is there (look.lua)
-- reply now; 1 = stored, 0 = refused, 2 = another entry is kept and follows: at, fresh, dead, version, body
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
if ARGV[1] ~= '' and redis.call('GET', KEYS[2]) == ARGV[1] then
    redis.call('DEL', KEYS[2])
end

local at, dead, version = tonumber(ARGV[3]), tonumber(ARGV[6]), tonumber(ARGV[7])
local known = redis.call('HMGET', KEYS[1], 'at', 'fresh', 'dead', 'version', 'body', 'gone')
local knownAt, knownVersion, gone = tonumber(known[1]), tonumber(known[4]) or -1, tonumber(known[6])
if gone and gone >= at then
    if version > knownVersion then
        redis.call('HSET', KEYS[1], 'version', ARGV[7])
    end
    return {now, 0}
end
if knownVersion > version or (knownVersion == version and knownAt and knownAt > at) then
    if knownAt and knownAt <= now and now - knownAt < tonumber(known[3]) then
        return {now, 2, known[1], known[2], known[3], known[4], known[5]}
    end
    return {now, 0}
end

redis.call('DEL', KEYS[1])
if at > now or now - at >= dead then
    -- Too old to be of use, or from before the clock was set back. That there is this version still holds.
    redis.call('HSET', KEYS[1], 'version', ARGV[7])
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
    return {now, 0}
end
redis.call('HSET', KEYS[1], 'at', ARGV[3], 'took', ARGV[4], 'fresh', ARGV[5], 'dead', ARGV[6], 'version', ARGV[7])
if ARGV[8] then
    redis.call('HSET', KEYS[1], 'body', ARGV[8])
end
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.floor((at + dead - now) / 1000) + 1))
return {now, 1}
