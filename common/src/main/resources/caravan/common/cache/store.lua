-- Stores what was loaded or written. A load may store only while it has the lease: who invalidates or writes takes it away. Of two
-- versions the higher one stays, of two entries of one version the later one.
--
-- KEYS  entry, lease
-- ARGV  token, or nothing when it was written; life of the version alone in ms; at, took, fresh, dead, version, and body unless
--       nothing is there
-- reply now in ms, 1 = stored, 0 = refused, 2 = another entry is kept and follows: at, fresh, dead, version, body
local token = ARGV[1]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
if token ~= '' then
    if redis.call('GET', KEYS[2]) ~= token then
        return {now, 0}
    end
    redis.call('DEL', KEYS[2])
end

local at, dead, version = tonumber(ARGV[3]), tonumber(ARGV[6]), tonumber(ARGV[7])
local known = redis.call('HMGET', KEYS[1], 'at', 'fresh', 'dead', 'version', 'body')
local knownAt, knownVersion = tonumber(known[1]), tonumber(known[4]) or -1
if knownVersion > version or (knownVersion == version and knownAt and knownAt > at) then
    if knownAt and knownAt <= now and now - knownAt < tonumber(known[3]) then
        return {now, 2, known[1], known[2], known[3], known[4], known[5]}
    end
    return {now, 0}
end

redis.call('DEL', KEYS[1], KEYS[2])
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
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', at + dead - now))
return {now, 1}
