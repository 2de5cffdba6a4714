-- Looks at an entry, and takes the lease for loading it when it is missing or due: both at once, so that nobody who saw the old
-- entry takes the lease after somebody else has stored a new one.
--
-- KEYS  entry, lease
-- ARGV  token, life of the lease in ms, draw of the early refresh, how to take: none, free (when nobody has it) or any
-- reply now in ms, 1 = taken, at, fresh, dead, version, body; no at: there is no entry; no body: it says that nothing is there
--
-- An entry: at (ms when its load began), took, fresh and dead (ms after that), version, body. All times are of Redis' own clock.
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local entry = redis.call('HMGET', KEYS[1], 'at', 'fresh', 'dead', 'version', 'body', 'took')
local at, fresh, dead, took = tonumber(entry[1]), tonumber(entry[2]), tonumber(entry[3]), tonumber(entry[6])
-- From after now is from before the clock was set back: nobody knows how old it is.
local live = at and at <= now and now - at < dead
local due = not live or now - at + took * ARGV[3] >= fresh

local taken = 0
if due and ARGV[4] == 'any' then
    redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
    taken = 1
elseif due and ARGV[4] == 'free' and redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then
    taken = 1
end

if not live then
    return {now, taken, false, false, false, false, false}
end
return {now, taken, entry[1], entry[2], entry[3], entry[4], entry[5]}
