#!/bin/sh
# Build the image yizhao-hub:latest with podman, buildah or docker, in docker's format: the other one has no health check. BASE= names another base image (a mirror's Debian 12).
set -eu
cd "$(dirname "$0")/.."
file=packaging/container/Containerfile
for tool in podman buildah docker; do
    command -v "$tool" >/dev/null 2>&1 || continue
    case "$tool" in
        docker) docker build -t yizhao-hub -f "$file" ${BASE:+--build-arg BASE="$BASE"} . ;;
        *) "$tool" build --format docker --ignorefile "$file.dockerignore" -t yizhao-hub -f "$file" ${BASE:+--build-arg BASE="$BASE"} . ;;
    esac
    echo "Built yizhao-hub with $tool."
    exit 0
done
echo "Neither podman, buildah nor docker is here: sudo apt-get install buildah. 未找到容器构建工具。" >&2
exit 1
