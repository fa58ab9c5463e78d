#!/usr/bin/env bash
# Apache Spark on this machine only, for as long as a module of the project takes: bench/spark.sh tools.engines
# A driver and two executors are processes of their own, so rows are shuffled from one to the other. SPARK_HOME: where pyspark is;
# PYTHON: the project's interpreter; SPARK_SCRATCH: a folder for what Spark shuffles, spills and logs, by default a temporary one.
set -euo pipefail
port=$("$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
SPARK_HOME=$(realpath "$SPARK_HOME")
scratch=${SPARK_SCRATCH:-$(mktemp -d)}
mkdir -p "$scratch/local" "$scratch/events"
log=$scratch/server.log
touch "$log"
export SPARK_HOME SPARK_LOCAL_DIRS="$scratch/local" SPARK_LOCAL_IP=127.0.0.1
"$SPARK_HOME/bin/spark-submit" --master 'local-cluster[2,1,4096]' --driver-memory 2g --conf spark.executor.memory=4g \
    --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 --conf spark.ui.enabled=false \
    --conf spark.connect.grpc.binding.address=127.0.0.1 --conf spark.connect.grpc.binding.port="$port" \
    --conf spark.eventLog.enabled=true --conf spark.eventLog.dir="file://$(realpath "$scratch")/events" \
    --conf spark.eventLog.compress=false --conf spark.eventLog.rolling.enabled=false \
    --conf spark.sql.shuffle.partitions=32 --conf spark.shuffle.readHostLocalDisk=false \
    --class org.apache.spark.sql.connect.service.SparkConnectServer spark-internal > "$log" 2>&1 &
server=$!
stop() {
    kill $server 2> /dev/null || true
    wait $server || true
    rm -rf "$SPARK_HOME/work"
    [ -n "${SPARK_SCRATCH:-}" ] || rm -rf "$scratch"
}
trap stop EXIT
for _ in $(seq 120); do
    grep -q 'Spark Connect server started' "$log" && break
    kill -0 $server 2> /dev/null || { cat "$log" >&2; exit 1; }
    sleep 1
done
SPARK_REMOTE=sc://127.0.0.1:$port SPARK_SERVER=$server "$PYTHON" -m "$@"
