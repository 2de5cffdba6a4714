-- Takes tokens for a batch of requests, each all or nothing. Rate.java and Bucket.java say what the units are.
--
-- KEYS  for each request: its buckets, then deny:<session> when it has one
-- ARGV  number of policies; for each: quota, window in µs, 1 = enforced or 0 = shadow
--       for each request: number of buckets, cost, 1 = has a session; for each bucket: row of its policy, units owed
-- reply for each request: 1 = session denied; for each bucket: its debt afterwards, or -1 - debt when it lacked tokens
--
-- A bucket is "<debt> <µs>", and no key at all when it is full.

local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local quota, window, enforced = {}, {}, {}
local arg = 2
for row = 1, tonumber(ARGV[1]) do
    quota[row] = tonumber(ARGV[arg])
    window[row] = tonumber(ARGV[arg + 1])
    enforced[row] = ARGV[arg + 2] == '1'
    arg = arg + 3
end

local key, reply, said = 1, {}, 0
local rows, debts, lacking, changed = {}, {}, {}, {}
local last = #ARGV

while arg <= last do
    local buckets, cost, session = tonumber(ARGV[arg]), tonumber(ARGV[arg + 1]), ARGV[arg + 2] == '1'
    arg = arg + 3

    local admitted = true
    for i = 1, buckets do
        local row, owed = tonumber(ARGV[arg]), tonumber(ARGV[arg + 1])
        arg = arg + 2
        local debt, change = 0, false
        local state = redis.call('GET', KEYS[key + i - 1])
        if state then
            local gap = string.find(state, ' ', 1, true)
            debt = tonumber(string.sub(state, 1, gap - 1))
            local elapsed = now - string.sub(state, gap + 1)
            if elapsed < 0 then
                -- The clock was set back: nothing refills, and it counts on from here even if nothing is taken.
                change = true
            else
                debt = math.max(0, debt - math.min(elapsed, window[row]) * quota[row])
            end
        end
        local capacity = quota[row] * window[row]
        if owed > 0 then
            debt = math.min(capacity, debt + owed)
            change = true
        end
        local lacks = debt + cost * window[row] > capacity
        if lacks and enforced[row] then
            admitted = false
        end
        rows[i], debts[i], lacking[i], changed[i] = row, debt, lacks, change
    end

    said = said + 1
    reply[said] = session and redis.call('EXISTS', KEYS[key + buckets]) or 0

    for i = 1, buckets do
        local row, debt, change = rows[i], debts[i], changed[i]
        local takes = admitted
        if not enforced[row] then
            takes = not lacking[i]
        end
        if takes then
            debt = debt + cost * window[row]
            change = true
        end
        if change and debt > 0 then
            -- It expires when it is full; a millisecond later rather than earlier.
            local expiry = math.floor(debt / (quota[row] * 1000)) + 1
            redis.call('SET', KEYS[key + i - 1], string.format('%.0f %.0f', debt, now), 'PX', expiry)
        end
        said = said + 1
        reply[said] = lacking[i] and -1 - debt or debt
    end
    key = key + buckets + (session and 1 or 0)
end

return reply
