#!/usr/bin/env bash
# One machine of benchmarks.cluster: runs inside `unshare --net --mount --uts`. Waits for its network card, hides all that
# only the driver has (the project but its Python packages, the home but landing and lake, /tmp), and becomes a worker.
set -euo pipefail
: "${NAME:?}" "${CARD:?}" "${ADDRESS:?}" "${MASTER_URL:?}" "${OWN:?}" "${PROJECT:?}" "${HOMES:?}" "${CORES:?}"

hostname "$NAME"
until ip link show "$CARD" >/dev/null 2>&1; do sleep 0.1; done
ip link set lo up
ip addr add "$ADDRESS/24" dev "$CARD"
ip link set "$CARD" up

mkdir -p "$OWN/env" "$OWN/work" "$OWN/homes"
mount --bind "$PROJECT/.venv" "$OWN/env"
mount -t tmpfs none "$PROJECT"
mkdir "$PROJECT/.venv"
mount --bind "$OWN/env" "$PROJECT/.venv"

mount --bind "$HOMES" "$OWN/homes"
mount -t tmpfs none "$HOMES"
for home in "$OWN"/homes/*/; do
  name=$(basename "$home")
  for shared in landing lake; do
    mkdir -p "$home$shared" "$HOMES/$name/$shared"
    mount --bind "$home$shared" "$HOMES/$name/$shared"
  done
done
umount "$OWN/homes"
mount -t tmpfs none /tmp

if ls "$PROJECT" | grep -q . || ls "$HOMES"/*/ | grep -qE 'models|lexicons|inbox'; then
  echo "$NAME still sees what only the driver has" >&2
  exit 3
fi
export SPARK_LOCAL_IP=$ADDRESS SPARK_LOCAL_HOSTNAME=$ADDRESS SPARK_CONF_DIR=$OWN/conf
mkdir -p "$SPARK_CONF_DIR"
cd "$OWN"
exec "$SPARK_HOME/bin/spark-class" org.apache.spark.deploy.worker.Worker --host "$ADDRESS" --webui-port 8081 \
  --cores "$CORES" --memory 3g --work-dir "$OWN/work" "$MASTER_URL"
