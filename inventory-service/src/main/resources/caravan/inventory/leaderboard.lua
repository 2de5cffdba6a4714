-- Raises products to their totals; a total that is lower than what is known came late. A board that is not there is not begun with some
-- products only: it has to be made anew, of all.
--
-- KEYS  the board
-- ARGV  products that it has room for, ms until it is made anew; 0 when these are some products only; for each: sku, views
-- reply 1 = done, 0 = there is no board
local all = ARGV[2] ~= '0'
if not all and redis.call('EXISTS', KEYS[1]) == 0 then
    return 0
end
for i = 3, #ARGV, 2 do
    redis.call('ZADD', KEYS[1], 'GT', ARGV[i + 1], ARGV[i])
end
redis.call('ZREMRANGEBYRANK', KEYS[1], 0, -1 - ARGV[1])
if all then
    redis.call('PEXPIRE', KEYS[1], ARGV[2])
end
return 1
