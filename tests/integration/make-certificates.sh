#!/bin/sh
# SPDX-License-Identifier: MIT
# Makes the certificates of test-mqtt-tls in the folder $1, each NAME.pem with NAME.key.
set -eu
cd "$1"
now=$(date -u +%Y%m%d%H%M%SZ)

cat >openssl.cnf <<'CONF'
[ca]
default_ca = here
[here]
new_certs_dir = .
database = index
serial = serial
default_md = sha256
policy = any
unique_subject = no
[any]
commonName = supplied
[req]
distinguished_name = none
[none]
[authority]
basicConstraints = critical, CA:true
CONF
: >index
echo 01 >serial

key() { openssl ecparam -name prime256v1 -genkey -noout -out "$1.key"; }

# authority NAME
authority() {
	key "$1"
	openssl req -new -x509 -config openssl.cnf -extensions authority -days 30 \
		-key "$1.key" -subj "/CN=$1" -out "$1.pem"
}

# certificate NAME AUTHORITY FROM TO EXTENSION
certificate() {
	key "$1"
	openssl req -new -config openssl.cnf -key "$1.key" -subj "/CN=$1" -out "$1.csr"
	printf '%s\n' "$5" >"$1.ext"
	openssl ca -batch -config openssl.cnf -cert "$2.pem" -keyfile "$2.key" -notext \
		-startdate "$3" -enddate "$4" -extfile "$1.ext" -in "$1.csr" -out "$1.pem"
}

{
	here='subjectAltName = DNS:localhost, DNS:twofold.test, IP:127.0.0.1'
	authority authority
	authority stranger
	certificate good authority "$now" 20990101000000Z "$here"
	certificate expired authority 20200101000000Z 20200111000000Z "$here"
	certificate future authority 20900101000000Z 20990101000000Z "$here"
	certificate elsewhere authority "$now" 20990101000000Z \
		'subjectAltName = DNS:other.example'
	certificate client authority "$now" 20990101000000Z 'extendedKeyUsage = clientAuth'
	certificate foreign stranger "$now" 20990101000000Z 'extendedKeyUsage = clientAuth'
	key alone
	openssl req -new -x509 -config openssl.cnf -days 30 -key alone.key -subj /CN=localhost \
		-out alone.pem
	openssl ec -in client.key -aes128 -passout pass:secret -out locked.key
} >log 2>&1 || { cat log >&2; exit 1; }
