#!/bin/sh
# `wrkbook run https://...` against nginx, with nginx's own stub_status as the judge of the count:
# whom it trusts, what it says when it does not, sessions, client certificates, both back ends.
. tests/support/tap.sh

PATH=$PATH:/usr/sbin
if ! command -v nginx >/dev/null || ! command -v openssl >/dev/null; then
    echo '1..0 # SKIP no nginx or no openssl'
    exit 0
fi
WRKBOOK_DB=$T/runs.db
export WRKBOOK_DB
C=$T/certs
mkdir "$C"

# ---- certificates ----

quietly() {
    "$@" >>"$T/openssl.log" 2>&1 || { cat "$T/openssl.log" >&2; exit 1; }
}

# make_ca NAME
make_ca() {
    quietly openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 \
        -keyout "$C/$1.key" -out "$C/$1.pem" -subj "/CN=$1"
}

# make_leaf NAME SUBJECT-ALT-NAME
make_leaf() {
    printf 'subjectAltName=%s\n' "$2" >"$C/$1.ext"
    quietly openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -keyout "$C/$1.key" -out "$C/$1.csr" -subj "/CN=$1"
    quietly openssl x509 -req -in "$C/$1.csr" -CA "$C/ca.pem" -CAkey "$C/ca.key" -CAcreateserial \
        -days 2 -extfile "$C/$1.ext" -out "$C/$1.pem"
}

# make_expired NAME: signed anew with dates of long ago, which only `openssl ca` takes.
make_expired() {
    : >"$C/index"
    echo 01 >"$C/serial"
    printf '%s\n' '[ca]' 'default_ca=a' '[a]' "database=$C/index" "serial=$C/serial" \
        "new_certs_dir=$C" 'default_md=sha256' 'policy=p' '[p]' 'commonName=supplied' >"$C/ca.cnf"
    quietly openssl ca -batch -config "$C/ca.cnf" -cert "$C/ca.pem" -keyfile "$C/ca.key" -notext \
        -in "$C/$1.csr" -extfile "$C/$1.ext" -startdate 20200101000000Z -enddate 20210101000000Z \
        -out "$C/expired.pem"
}

make_ca ca
make_ca stranger
make_leaf server DNS:localhost,IP:127.0.0.1
make_leaf elsewhere DNS:elsewhere.example
make_leaf client DNS:client
make_expired server
quietly openssl ec -in "$C/client.key" -aes128 -passout pass:secret -out "$C/locked.key"

# ---- the server ----

# Ports that are free now, all different.
free_ports() {
    perl -MIO::Socket::INET -e '
        my @s = map { IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1") } 1 .. shift;
        print join(" ", map { $_->sockport } @s), "\n"' "$1"
}
read -r plain tls13 tls12 short expired elsewhere asking <<END
$(free_ports 7)
END

# tls_server PORT CERTIFICATE DIRECTIVES
tls_server() {
    cat <<END
    server {
        listen 127.0.0.1:$1 ssl backlog=1024;
        ssl_certificate $C/$2.pem;
        ssl_certificate_key $C/${2%expired}$(test "$2" != expired || echo server).key;
        $3
        location / { return 200 "hello"; }
        location /large { root $T; }
    }
END
}
{
    cat <<END
daemon off; master_process off; pid $T/nginx.pid; error_log $T/error.log;
worker_rlimit_nofile 4096;
events { worker_connections 2048; }
http {
    access_log off; keepalive_requests 100000000; client_max_body_size 10m;
    client_body_temp_path $T/a; proxy_temp_path $T/b; fastcgi_temp_path $T/c;
    uwsgi_temp_path $T/d; scgi_temp_path $T/e;
    server { listen 127.0.0.1:$plain; location / { stub_status; } }
END
    tls_server "$tls13" server 'ssl_protocols TLSv1.3;'
    tls_server "$tls12" server 'ssl_protocols TLSv1.2;'
    tls_server "$short" server 'ssl_protocols TLSv1.3; keepalive_requests 10;'
    tls_server "$expired" expired ''
    tls_server "$elsewhere" elsewhere ''
    tls_server "$asking" server "ssl_client_certificate $C/ca.pem; ssl_verify_client on;"
    echo '}'
} >"$T/nginx.conf"
head -c 1000000 /dev/zero >"$T/large"

nginx -c "$T/nginx.conf" -e "$T/error.log" 2>/dev/null &
server=$!
trap 'kill $server 2>/dev/null; wait $server 2>/dev/null; rm -rf "$T"' EXIT

# What nginx has counted of requests, this one included.
counted() {
    perl -MIO::Socket::INET -e '
        my $s = IO::Socket::INET->new(PeerAddr => "127.0.0.1:" . shift) or exit 1;
        print $s "GET / HTTP/1.0\r\n\r\n";
        local $/;
        <$s> =~ /requests\s+\d+ \d+ (\d+)/ and print "$1\n"' "$plain"
}
tries=0
until counted >/dev/null 2>&1; do
    sleep 0.05
    tries=$((tries + 1))
    if [ $tries -ge 100 ]; then
        cat "$T/error.log" >&2
        exit 1
    fi
done

# load ARG...: a short run; sets $out (JSON) and $status as run does, and $served: nginx's count.
load() {
    before=$(counted)
    run "$WRKBOOK" run -t2 -c10 -d300ms --io "$io" --format json "$@"
    sleep 0.1
    served=$(($(counted) - before - 1))
}

# of FILTER: of the run's JSON.
of() {
    printf '%s' "$out" | jq -r "$1"
}

# clean NAME: nothing went wrong, and nginx counted the same.
clean() {
    is "$status $(of '.errors_connect + .errors_read + .errors_write + .errors_timeout +
        .errors_status')" '0 0' "$io: $1"
    is "$(of '.requests > 0') $(of '.requests + .in_flight')" "true $served" \
        "$io: $1: nginx counted the same"
}

# refused WORDS NAME ARG...: no request, connect errors, and the reason.
refused() {
    words=$1
    name=$2
    shift 2
    load --cacert "$C/ca.pem" "$@"
    is "$(of .requests) $(of .sent) $(of '.errors_connect >= 10')" '0 0 true' \
        "$io: $name is refused"
    run "$WRKBOOK" run -c1 -d50ms --io "$io" --cacert "$C/ca.pem" "$@"
    like "$out" "handshake: .*TLS failed" "$io: $name: in the handshake"
    like "$out" "TLS: .*$words" "$io: $name: '$words'"
}

test_back_end() {
    load --cacert "$C/ca.pem" "https://127.0.0.1:$tls13/"
    clean 'TLS 1.3 by address'
    like "$(of .tls)" '^TLSv1\.3 TLS_AES_' "$io: TLS 1.3 and its cipher are told"
    load --cacert "$C/ca.pem" "https://localhost:$tls12/"
    clean 'TLS 1.2 by name'
    like "$(of .tls)" '^TLSv1\.2 ECDHE-' "$io: TLS 1.2 and its cipher are told"
    load --cacert "$C/ca.pem" --pipeline 16 "https://127.0.0.1:$tls13/"
    clean '16 in flight'
    load --cacert "$C/ca.pem" -b "@$T/large" "https://127.0.0.1:$tls13/"
    clean '1 MB up'
    load --cacert "$C/ca.pem" --expect-length 1000000 "https://127.0.0.1:$tls12/large"
    clean '1 MB down'
    is "$(of .errors_expect)" 0 "$io: 1 MB down, whole"
    load --cacert "$C/ca.pem" -R 500 "https://127.0.0.1:$tls13/"
    clean 'open rate'

    load --cacert "$C/ca.pem" "https://127.0.0.1:$short/"
    clean 'ten requests a connection'
    is "$(of '.reconnects > 0') $(of '.tls_resumed <= .reconnects')" 'true true' \
        "$io: reconnects"
    is "$(of '.tls_resumed >= .connections_opened - 20')" true "$io: which resume their session"
    load --cacert "$C/ca.pem" --no-keepalive "https://127.0.0.1:$tls12/"
    clean 'a connection for each request'
    is "$(of '.tls_resumed >= .connections_opened - 20')" true "$io: which resume, too"

    refused 'unable to get local issuer certificate' "a stranger's server" \
        --cacert "$C/stranger.pem" "https://127.0.0.1:$tls13/"
    refused 'certificate has expired' 'an expired certificate' "https://127.0.0.1:$expired/"
    refused 'hostname mismatch' 'another name' "https://localhost:$elsewhere/"
    refused 'IP address mismatch' 'another address' "https://127.0.0.1:$elsewhere/"
    refused 'the server speaks plain HTTP' 'plain HTTP behind https' "https://127.0.0.1:$plain/"
    load -k "https://localhost:$elsewhere/"
    clean '--insecure takes another name'
    load --insecure "https://localhost:$expired/"
    clean '--insecure takes an expired certificate'

    load --cacert "$C/ca.pem" "https://127.0.0.1:$asking/"
    is "$(of '.requests > 0') $(of '.errors_status == .requests')" 'true true' \
        "$io: without a client certificate: only errors of nginx"
    load --cacert "$C/ca.pem" --cert "$C/client.pem" --key "$C/client.key" \
        "https://127.0.0.1:$asking/"
    clean 'a client certificate is shown'
}

for io in epoll uring; do
    run "$WRKBOOK" run -q -c1 -d10ms --io $io -k "https://127.0.0.1:$tls13/"
    if [ "$status" -eq 0 ]; then
        test_back_end
    else
        skip 'not to be had on this host' "TLS on $io"
    fi
done

# ---- files that cannot be used: told before anything is opened ----

# unusable WORDS NAME ARG...
unusable() {
    words=$1
    name=$2
    shift 2
    run "$WRKBOOK" run -d10ms "$@" "https://127.0.0.1:$tls13/"
    is "$status" 2 "$name: status 2"
    like "$err" "^wrkbook(-runner)?: $words\$" "$name: says why"
}

unusable "cannot read the trusted certificates '$C/none': No such file or directory" \
    'a --cacert that is not there' --cacert "$C/none"
unusable "cannot read the client certificate '$C/client.key': it holds none in PEM form" \
    'a --cert that is a key' --cert "$C/client.key"
unusable "cannot use the client's key '$C/client.pem': it holds none in PEM form" \
    'a --cert without its --key' --cert "$C/client.pem"
unusable "cannot use the client's key '$C/server.key': key values mismatch" \
    "another one's --key" --cert "$C/client.pem" --key "$C/server.key"
unusable "cannot use the client's key '$C/locked.key': it is encrypted.*" \
    'an encrypted --key' --cert "$C/client.pem" --key "$C/locked.key"
run "$WRKBOOK" run -k -d10ms "http://127.0.0.1:$plain/"
is "$status" 2 '--insecure without https: status 2'

# ---- what is stored ----

io=auto
load --cacert "$C/ca.pem" "https://127.0.0.1:$tls13/"
is "$(sqlite3 "$WRKBOOK_DB" "SELECT count(*) > 0 FROM run_facts WHERE tls LIKE 'TLSv1.3 %'")" 1 \
    'protocol and cipher are stored'

done_testing
