package caravan.common.cache;

/** Redis did not answer in time, or is known not to answer and was not asked. What was sent may have been done. */
public final class RedisAwayException extends RuntimeException {

    private static final long serialVersionUID = 1;

    RedisAwayException(String why) {
        super(why, null, false, false);
    }
}
