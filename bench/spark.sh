#!/usr/bin/env bash
# Apache Spark on this machine only, for as long as the comparison takes.
# SPARK_HOME: where pyspark is; PYTHON: the project's interpreter.
set -euo pipefail
port=$("$PYTHON" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
log=$(mktemp)
SPARK_HOME=$(realpath "$SPARK_HOME")
export SPARK_HOME
"$SPARK_HOME/bin/spark-submit" --master 'local[2]' --driver-memory 4g \
    --conf spark.driver.host=127.0.0.1 --conf spark.driver.bindAddress=127.0.0.1 --conf spark.ui.enabled=false \
    --conf spark.connect.grpc.binding.address=127.0.0.1 --conf spark.connect.grpc.binding.port="$port" \
    --conf spark.sql.shuffle.partitions=4 \
    --class org.apache.spark.sql.connect.service.SparkConnectServer spark-internal > "$log" 2>&1 &
server=$!
trap 'kill $server; wait $server 2> /dev/null || true; rm -f "$log"' EXIT
for _ in $(seq 120); do
    grep -q 'Spark Connect server started' "$log" && break
    kill -0 $server 2> /dev/null || { cat "$log" >&2; exit 1; }
    sleep 1
done
SPARK_REMOTE=sc://127.0.0.1:$port "$PYTHON" -m tools.engines
