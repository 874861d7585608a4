#!/bin/sh
# Make hub/codes/fonts/YizhaoRareHan.ttf anew from four Debian 12 packages: `sh packaging/fonts/make.sh`, some minutes.
# Needs apt, dpkg-deb and Python; the result is the same byte for byte; tests/contracts/test_fonts.py holds its hash.
set -eu
cd "$(dirname "$0")/../.."
here=$PWD
work=build/fonts
mkdir -p $work/root

# Packages by exact version; the hashes are of the .deb files.
cat > $work/SHA256SUMS <<'SUMS'
4a2515eb6db3978b897fef9709ed0d2b1f4c6c4df4d83d6c4ef65f71f1b1f502  fonts-noto-cjk_1%3a20220127+repack1-1_all.deb
a6943366b4f5a6cec34221f8b4eb22555a628f0ee6ef4e3d3401cabe9363aeae  fonts-hanazono_20170904-2.1_all.deb
6d1e4c4aac78ad32062aefa2c836ee4d6e58f9dcf8b3f4407c9eefe304615318  fonts-lxgw-wenkai_1.250+repack-1_all.deb
5efef23bbb1c6a133ecbdd63a2cfa07159ccacf5466a49e2426101c5ecd691fc  unicode-data_15.0.0-1_all.deb
SUMS
cd $work
sha256sum --check --quiet SHA256SUMS 2>/dev/null || apt-get download \
    "fonts-noto-cjk=1:20220127+repack1-1" "fonts-hanazono=20170904-2.1" "fonts-lxgw-wenkai=1.250+repack-1" "unicode-data=15.0.0-1"
sha256sum --check --quiet SHA256SUMS
for package in *.deb; do dpkg-deb -x "$package" root; done
cd "$here"

[ -x $work/venv/bin/python ] || "${PYTHON:-python3}" -m venv $work/venv
$work/venv/bin/python -m pip --disable-pip-version-check install --quiet --require-hashes -r packaging/fonts/requirements.txt
$work/venv/bin/python packaging/fonts/rare.py $work/root hub/codes/fonts/YizhaoRareHan.ttf
