-- Looks at an entry, and takes the lease for loading it when it is missing or due: both at once, so that nobody who saw the old
-- entry takes the lease after somebody else has stored a new one.
--
-- KEYS  entry, lease
-- ARGV  token, or nothing when the lease is not wanted; life of the lease in ms; draw of the early refresh
-- reply now; 0 = fresh, 1 = missing or due, 2 = and the lease is taken; when it was invalidated, or 0; at, fresh, dead, version, body;
--       no at: there is no entry; no body: it says that nothing is there
--
-- An entry: at (when its load began); took, fresh and dead (how long after that); version; body. Or what is left of one: gone (when it
-- was invalidated), version. All times are µs of Redis' own clock.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local entry = redis.call('HMGET', KEYS[1], 'at', 'fresh', 'dead', 'version', 'body', 'took', 'gone')
local at, fresh, dead, took = tonumber(entry[1]), tonumber(entry[2]), tonumber(entry[3]), tonumber(entry[6])
-- From after now is from before the clock was set back: nobody knows how old it is.
local live = at and at <= now and now - at < dead

local due = 0
if not live or now - at + math.min(took * ARGV[3], fresh / 4) >= fresh then
    due = 1
    if ARGV[1] ~= '' and redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
        due = 2
    end
end

local gone = tonumber(entry[7]) or 0
if not live then
    return {now, due, gone, false, false, false, false, false}
end
return {now, due, gone, entry[1], entry[2], entry[3], entry[4], entry[5]}
