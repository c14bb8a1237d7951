#!/bin/sh
# Appends a reading of each sensor every second, as a logger would.
set -eu
file="$(dirname "$0")/readings.ndjson"
while :; do
	at=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	awk -v at="$at" 'BEGIN {
		srand()
		split("cold-room greenhouse cellar", name, " ")
		split("4 21 13", base, " ")
		for (i = 1; i <= 3; i++)
			printf "{\"at\":\"%s\",\"sensor\":\"%s\",\"temperature_c\":%.2f,\"humidity\":%.3f,\"door_open\":false}\n", at, name[i], base[i] + rand() - 0.5, 0.38 + 0.12 * i + rand() / 100
	}' >>"$file"
	sleep 1
done
