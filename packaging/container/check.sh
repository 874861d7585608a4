#!/bin/sh
# Build the image on a Debian 12 that debootstrap makes, start it, and ask whether it is ready: for a machine without a registry.
# Needs root, buildah, debootstrap and curl. CA= names a file with further certificate authorities for pip, where a proxy needs one.
set -eu
cd "$(dirname "$0")/../.."
export STORAGE_DRIVER=vfs BUILDAH_ISOLATION=chroot
port=${PORT:-8099}
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

debootstrap --variant=minbase bookworm "$root/debian" >/dev/null
if [ -n "${CA:-}" ]; then
    cp "$CA" "$root/debian/etc/extra-ca.crt"
    printf '[global]\ncert = /etc/extra-ca.crt\n' >"$root/debian/etc/pip.conf"
fi
base=$(buildah from scratch)
buildah add -q "$base" "$root/debian" / >/dev/null
buildah commit -q "$base" localhost/debian12 >/dev/null
buildah rm "$base" >/dev/null
buildah build --format docker --quiet --network host --ignorefile packaging/container/Containerfile.dockerignore \
    --build-arg BASE=localhost/debian12 -t yizhao-hub -f packaging/container/Containerfile .

buildah inspect --type image localhost/yizhao-hub | grep -q readyz   # its health check is in it

made=$(buildah from localhost/yizhao-hub)
timeout 120 buildah run "$made" -- start serve --host 127.0.0.1 --port "$port" --log - >"$root/log" 2>&1 &
for _ in $(seq 60); do
    sleep 1
    if curl -fs -m 2 "http://127.0.0.1:$port/readyz"; then
        echo
        buildah images yizhao-hub
        buildah rm "$made" >/dev/null
        exit 0
    fi
done
cat "$root/log" >&2
exit 1
