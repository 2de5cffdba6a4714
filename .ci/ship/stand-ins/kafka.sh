#!/bin/sh
# What apache/kafka does with its environment: KAFKA_A_B is the setting a.b.
set -eu
export KAFKA_NODE_ID=${KAFKA_NODE_ID:-1} KAFKA_PROCESS_ROLES=${KAFKA_PROCESS_ROLES:-broker,controller}
export KAFKA_LOG_DIRS=${KAFKA_LOG_DIRS:-/tmp/kafka-logs}
settings=/tmp/server.properties
env | grep '^KAFKA_' | grep -v '^KAFKA_HEAP_OPTS' | while IFS='=' read -r name value; do
    echo "$(echo "${name#KAFKA_}" | tr 'A-Z_' 'a-z.')=$value"
done >$settings
kafka() { java ${KAFKA_HEAP_OPTS:--Xmx256m} -XX:+UseSerialGC -Dorg.slf4j.simpleLogger.defaultLogLevel=${1} -cp '/opt/kafka/lib/*' $2 $3 $4 $5 $6 $7; }
[ -e "$KAFKA_LOG_DIRS/meta.properties" ] || kafka warn kafka.tools.StorageTool format --cluster-id "${CLUSTER_ID:-Q2FyYXZhbkNvbXBvc2VGbQ}" --config $settings
exec java ${KAFKA_HEAP_OPTS:--Xmx256m} -XX:+UseSerialGC -XX:+ExitOnOutOfMemoryError -Dorg.slf4j.simpleLogger.showDateTime=true \
    -Dorg.slf4j.simpleLogger.defaultLogLevel=info -cp '/opt/kafka/lib/*' kafka.Kafka $settings
