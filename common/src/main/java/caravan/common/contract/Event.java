package caravan.common.contract;

/** A fact for whoever wants to know. */
public sealed interface Event extends Message permits OrderEvent, SagaAdvanced, SagasForgotten, ProductChanged {}
