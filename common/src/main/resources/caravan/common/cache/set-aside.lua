-- Sets the counts aside, so that counting begins anew beside them. What an earlier flush left behind comes first.
--
-- KEYS  the counts, those set aside
-- reply those set aside: the id as '#', and for each key how often
if redis.call('EXISTS', KEYS[2]) == 0 then
    if redis.call('EXISTS', KEYS[1]) == 0 then
        return {}
    end
    redis.call('RENAME', KEYS[1], KEYS[2])
end
return redis.call('HGETALL', KEYS[2])
