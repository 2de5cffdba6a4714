package caravan.common.contract;

/** Anything that travels on a topic. */
public sealed interface Message permits Command, Reply, Event {}
