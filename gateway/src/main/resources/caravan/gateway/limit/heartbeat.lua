-- KEYS[1] the gateways with the time each was last heard of; ARGV  our name, µs after which a silent one is gone
-- reply   how many live
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
redis.call('ZADD', KEYS[1], string.format('%.0f', now), ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - ARGV[2]))
-- Left from before the clock was set back.
redis.call('ZREMRANGEBYSCORE', KEYS[1], string.format('%.0f', now + ARGV[2]), '+inf')
redis.call('PEXPIRE', KEYS[1], ARGV[2] / 1000)
return redis.call('ZCARD', KEYS[1])
