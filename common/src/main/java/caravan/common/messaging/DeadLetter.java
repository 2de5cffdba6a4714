package caravan.common.messaging;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/** A record that is put aside, and why. */
record DeadLetter(ConsumerRecord<String, byte[]> record, Throwable cause, int attempts) {}
