-- Adds what one process has counted, once: a batch that is sent again because its answer got lost is known by its number.
--
-- KEYS  the counts, the number of the last batch of this process
-- ARGV  number of the batch, id for counts that begin with it, most keys, ms that the number is remembered; for each key: key, times
-- reply times that found no room, or -1 when the batch is in already
if tonumber(ARGV[1]) <= (tonumber(redis.call('GET', KEYS[2])) or 0) then
    return -1
end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[4])

-- The id is there from the first count on: a Redis that crashes may forget that these counts were moved, and must not give them
-- another id then.
redis.call('HSETNX', KEYS[1], '#', ARGV[2])
local room = ARGV[3] - (redis.call('HLEN', KEYS[1]) - 1)
local lost = 0
for i = 5, #ARGV, 2 do
    local known = redis.call('HEXISTS', KEYS[1], ARGV[i]) == 1
    if known or room > 0 then
        redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1])
        room = known and room or room - 1
    else
        lost = lost + ARGV[i + 1]
    end
end
return lost
