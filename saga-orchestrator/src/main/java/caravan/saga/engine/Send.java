package caravan.saga.engine;

import caravan.common.contract.Command;

/**
 * A command to send. Its message id is made of saga, step and direction, never of the attempt: a participant must see
 * that it is the same one.
 */
public record Send(String step, Direction direction, int attempt, Command command) {}
