#!/usr/bin/env bats
# bm-sign: what it inserts, whom it refuses, and what four other verifiers say
# of its signatures behind a real relay.

# shellcheck disable=SC2314,SC2030,SC2031,SC2034,SC2153,SC2154

load helper
load messages
load smtp

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return
	bm-sign keygen --selector s1 rsa.pem
	bm-sign keygen --selector e1 --algorithm ed25519 ed.pem
	cc -o opendkim "$ROOT/tests/dkim/opendkim.c" -lopendkim
}

setup() {
	prepare
	cp "$BATS_FILE_TMPDIR"/*.pem .
	export OPENDKIM=$BATS_FILE_TMPDIR/opendkim
	keys=(--key s1=rsa.pem --key e1=ed.pem)
}

teardown() {
	stop_servers
	rm -rf "${dir:-none}"
}

# record HEADER [BODY]: a message record; \r\n stands for itself.
record() {
	printf '{"email_id":"x","course_id":"c","user_id":"1",%s,%s,%s}\n' \
		'"email":"u1@uni.example"' "\"content\":\"$(printf %064d 0)\"" \
		"\"message\":\"$1\\r\\n\\r\\n${2-Hi\\r\\n}\""
}

# refuses STATUS PATTERN COMMAND...: one line that begins with bm-sign.
refuses() {
	local want=$1 pattern=$2

	shift 2
	ends "$want" --separate-stderr "$@" </dev/null
	same '' "$output"
	[[ $stderr == bm-sign:*$pattern* && $stderr != *$'\n'* ]] && return
	echo "not one line with '$pattern': $stderr"
	return 1
}

# rendered COUNT: records of bm-render with the opt-out headers.
rendered() {
	printf '1 %s\n' "$(head -c 64 /dev/zero | base64 -w 0)" >key
	chmod 600 key
	echo '<p>Grüße, week 3 is <a href="https://uni.example/3">open</a></p>' \
		>body.html
	for ((i = 1; i <= $1; i++)); do
		printf '{"email":"u%d@uni.example","name":"Ann Ö","user_id":"%d",%s}\n' \
			$i $i '"course_id":"course-v1:UniX+CS101+2026"'
	done | bm-render --id week3 --subject 'Straße {{user_id}}' \
		--from staff@uni.example --postal-address 'Uni, 1 Way' \
		--key-file key --optout-url https://uni.example/optout body.html
}

# mails FOLDER: the messages of records on stdin, each in a file.
mails() {
	mkdir -p "$1"
	/usr/bin/python3 -c 'import json, sys
for n, line in enumerate(sys.stdin):
    with open("%s/%04d.eml" % (sys.argv[1], n), "wb") as f:
        f.write(json.loads(line)["message"].encode())' "$1"
}

# publish DOMAIN KEY...: the keys as the verifiers read them from a file.
publish() {
	local domain=$1 key

	shift
	for key; do
		printf '%s._domainkey.%s %s\n' "${key%%=*}" "$domain" \
			"$(bm-sign dns --string --domain "$domain" --key "$key")"
	done >published
}

@test "keygen: what openssl reads, for the owner alone, never overwritten" {
	umask 0
	ends 0 bm-sign keygen --selector s2026
	same s2026=s2026.pem
	same 600 "$(stat -c %a s2026.pem)"
	openssl pkey -in s2026.pem -noout -text | grep -q '2048 bit'
	mkdir k
	ends 0 bm-sign keygen --selector big --bits 2304 k/big.pem
	same big=k/big.pem
	openssl pkey -in k/big.pem -noout -text | grep -q '2304 bit'
	ends 0 bm-sign keygen --selector e --algorithm ed25519
	openssl pkey -in e.pem -noout -text | grep -q ED25519
	sum=$(sha256sum s2026.pem)
	refuses 2 's2026.pem exists already' bm-sign keygen --selector s2026
	same "$sum" "$(sha256sum s2026.pem)"
	ln -s nowhere link.pem
	refuses 2 'link.pem exists already' bm-sign keygen --selector link
	refuses 2 'no selector' bm-sign keygen --selector 'a b'
	refuses 2 'no selector' bm-sign keygen --selector ../x
	refuses 2 '--bits' bm-sign keygen --selector x --bits 1024
	refuses 2 '--bits' bm-sign keygen --selector x --bits 8192
	refuses 2 'neither rsa nor ed25519' bm-sign keygen --selector x \
		--algorithm dsa
	refuses 2 'one size' bm-sign keygen --selector x --bits 2048 \
		--algorithm ed25519
	refuses 2 '--selector' bm-sign keygen
	refuses 2 'cannot make it' bm-sign keygen --selector x no/x.pem
	[ ! -e x.pem ]
}

@test "dns: the public key as openssl knows it, in strings of 255" {
	rsa=$(openssl pkey -in rsa.pem -pubout -outform DER | base64 -w 0)
	ed=$(openssl pkey -in ed.pem -pubout -outform DER | tail -c 32 | base64)
	ends 0 bm-sign dns --string --domain Uni.Example "${keys[@]}"
	same "v=DKIM1; k=rsa; p=$rsa
v=DKIM1; k=ed25519; p=$ed"
	bm-sign dns --domain Uni.Example "${keys[@]}" >zone
	/usr/bin/python3 - "$output" <<-'END'
		import sys
		import dns.zone
		zone = dns.zone.from_text("$TTL 60\n" + open("zone").read(),
		    origin=".", relativize=False, check_origin=False)
		found = {}
		for name, _, rdata in zone.iterate_rdatas("TXT"):
		    assert all(len(s) <= 255 for s in rdata.strings)
		    found[name.to_text()] = b"".join(rdata.strings).decode()
		rsa, ed = sys.argv[1].split("\n")
		assert found == {"s1._domainkey.uni.example.": rsa,
		    "e1._domainkey.uni.example.": ed}, found
	END
	DEFAULT_BULK_FROM_EMAIL='Staff <staff@bücher.example>' \
		ends 0 bm-sign dns --key s1=rsa.pem
	[[ $output == 's1._domainkey.xn--bcher-kva.example. IN TXT ('* ]]
	refuses 2 'no domain' bm-sign dns --key s1=rsa.pem
	refuses 2 'BM_DKIM_DOMAIN' bm-sign dns --domain example --key s1=rsa.pem
}

@test "the signature is inserted, and all other bytes stay" {
	/usr/bin/python3 -c 'import json, random
r = random.Random(1)
for i in range(40):
    message = "From: a@uni.example\r\nSubject: \\ \"ä\" \u2028/\r\n\r\n" + "x\r\n" * i
    m = {"n": 1.10, "email": "u@uni.example", "deep": {"message": "no"},
        "m\u00e9": [9007199254740993], "message": message, "z": None}
    items = list(m.items())
    r.shuffle(items)
    print(json.dumps(dict(items), ensure_ascii=i % 2 == 0,
        separators=((",", ":"), (" ,  ", "\t: "))[i % 3 == 0]))' >in
	bm-sign "${keys[@]}" in >out
	/usr/bin/python3 - <<-'END'
		import json, re
		for a, b in zip(open("in", "rb"), open("out", "rb"), strict=True):
		    at = re.search(rb'"message"\s*:\s*"(?=From|\\u0046)', a).end()
		    n = len(b) - len(a)
		    assert b[:at] == a[:at] and b[at + n:] == a[at:], b
		    fields = json.loads(b'"' + b[at:at + n] + b'"')
		    lines = fields.split("\r\n")
		    assert lines.pop() == ""
		    assert all(len(line) <= 78 for line in lines), fields
		    assert [line.startswith("DKIM-Signature: v=1; a=") or
		        line[0] == " " for line in lines], fields
		    assert fields.index("a=rsa-sha256") < fields.index("a=ed25519")
		    assert len(re.findall("c=relaxed/relaxed;\r\n d=uni.example; s=",
		        fields)) == 2 and " l=" not in fields, fields
	END
}

@test "keys that must not sign are named, with the remedy" {
	record 'From: a@uni.example' >in
	good=$(bm-sign "${keys[@]}" in)
	cp rsa.pem bad.pem
	for mode in 644 604 620 660; do
		chmod $mode bad.pem
		refuses 2 'bad.pem: holds a secret' bm-sign --key s1=bad.pem in
		[[ $stderr == *chmod* ]]
	done
	chmod 600 bad.pem
	key() {
		"$@" 2>/dev/null >bad.pem
		chmod 600 bad.pem
	}
	key openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024
	refuses 2 'bad.pem: an RSA key of 1024 bits is weak' \
		bm-sign --key s1=bad.pem in
	key openssl pkey -in rsa.pem -aes256 -passout pass:word
	refuses 2 'bad.pem: the key has a passphrase' bm-sign --key s1=bad.pem in
	[[ $stderr == *'openssl pkey -in'* ]]
	key openssl rsa -in rsa.pem -traditional -aes256 -passout pass:word
	refuses 2 'bad.pem: the key has a passphrase' bm-sign --key s1=bad.pem in
	key openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256
	refuses 2 'bad.pem: a key of type EC' bm-sign --key s1=bad.pem in
	key openssl genpkey -algorithm RSA-PSS -pkeyopt rsa_keygen_bits:2048
	refuses 2 'bad.pem: a key of type RSA-PSS' bm-sign --key s1=bad.pem in
	key openssl genpkey -algorithm X25519
	refuses 2 'bad.pem: a key of type X25519' bm-sign --key s1=bad.pem in
	key openssl pkey -in rsa.pem -pubout
	refuses 2 'bad.pem: this is the public key' bm-sign --key s1=bad.pem in
	key echo hello
	refuses 2 'bad.pem: no private key in PEM form' bm-sign --key s1=bad.pem in
	key openssl pkey -in rsa.pem -outform DER
	refuses 2 'bad.pem: no private key in PEM form' bm-sign --key s1=bad.pem in
	refuses 2 'none.pem: cannot open' bm-sign --key s1=none.pem in
	refuses 2 'not SELECTOR=FILE' bm-sign --key rsa.pem in
	refuses 2 'not SELECTOR=FILE' bm-sign --key s1= in
	refuses 2 'no selector' bm-sign --key =rsa.pem in
	refuses 2 'the selector S1 stands twice' \
		bm-sign --key s1=rsa.pem --key S1=ed.pem in
	refuses 2 'an Ed25519 key alone' bm-sign --key e1=ed.pem in
	refuses 2 'bm-sign keygen' bm-sign in
	# A PKCS#1 file, as old openssl made them, is a key like another.
	key openssl rsa -in rsa.pem -traditional
	SOURCE_DATE_EPOCH=1 bm-sign --key s1=bad.pem in >one
	SOURCE_DATE_EPOCH=1 bm-sign --key s1=rsa.pem in | cmp one -
}

@test "messages that cannot be signed: named, put aside, the others go on" {
	{
		record 'From: a@uni.example'
		record 'To: a@uni.example'
		record 'From: a@uni.example\r\nfrom: b@uni.example'
		record 'From: a@uni.example, b@uni.example'
		record 'From: a@other.example'
		record 'From: a@notuni.example'
		record 'From: a@uni.example\r\nno colon'
		record ' From: a@uni.example'
		record 'From: a@uni.example' 'bare\nLF\r\n'
		record 'From: a@uni.example' 'no end'
		record 'From: a@uni.example' | sed 's/"message"/"massage"/'
		record 'From: a@uni.example' | sed 's/"message":.*/"message":7}/'
		record 'From: a@uni.example' | bm-sign --key s1=rsa.pem
		record 'From: \"x, y\" <a@cs.UNI.example>'
	} >in
	ends 1 --separate-stderr bm-sign --domain uni.example --key s1=rsa.pem \
		--rejects rejects in
	same 2 "$(wc -l <<<"$output")"
	same "bm-sign: in:2: the message has no From
bm-sign: in:3: the message has two From
bm-sign: in:4: From has more than one address
bm-sign: in:5: From is of other.example, and uni.example is neither that domain nor a parent of it: receivers would not count the signature for From (DMARC)
bm-sign: in:6: From is of notuni.example, and uni.example is neither that domain nor a parent of it: receivers would not count the signature for From (DMARC)
bm-sign: in:7: header line 2 of the message is no field: it has no name and colon
bm-sign: in:8: the message begins with a blank, where a header field should
bm-sign: in:9: \"message\" has a bare LF
bm-sign: in:10: \"message\" does not end with CRLF
bm-sign: in:11: \"message\" is missing
bm-sign: in:12: \"message\" is not a string
bm-sign: in:13: the message is signed already by d=uni.example with s=s1" \
		"$stderr"
	same "12 sign" "$(jq -r .stage rejects | uniq -c | awk '{ print $1, $2 }')"
	# Without --domain the signer is From's domain.
	record 'From: a@cs.uni.example' | bm-sign --key s1=rsa.pem |
		grep -q ' d=cs.uni.example;'
	refuses 2 'no dot' bm-sign --domain example --key s1=rsa.pem in
}

@test "the opt-out headers of a rendered message are in every h=, once more" {
	rendered 3 | bm-sign "${keys[@]}" >out
	/usr/bin/python3 - <<-'END'
		import json, re
		from email import message_from_string
		for line in open("out"):
		    mail = message_from_string(json.loads(line)["message"])
		    assert mail["List-Unsubscribe"] and mail["List-Unsubscribe-Post"]
		    signatures = mail.get_all("DKIM-Signature")
		    assert len(signatures) == 2
		    for s in signatures:
		        tags = dict(t.strip().split("=", 1)
		            for t in re.sub(r"\s", "", s).split(";"))
		        h = tags["h"].split(":")
		        for name in ("from", "to", "cc", "subject", "date",
		            "message-id", "reply-to", "content-type", "mime-version",
		            "content-transfer-encoding", "list-unsubscribe",
		            "list-unsubscribe-post"):
		            present = len(mail.get_all(name, []))
		            assert h.count(name) == present + 1, (name, h)
		        for name in ("feedback-id", "list-id"):
		            assert h.count(name) == len(mail.get_all(name)), h
		        assert not {"received", "return-path", "dkim-signature",
		            "comments", "keywords", "bcc"} & set(h), h
	END
}

@test "Amazon SES: Date and Message-ID unsigned, one key, no Easy DKIM" {
	rendered 1 >in
	bm-sign --profile ses --key s1=rsa.pem in >out
	run ! grep -oE '[h:](date|message-id)[:;]' out
	grep -q list-unsubscribe-post out
	BM_RELAY_PROFILE=ses bm-sign --key s1=rsa.pem in >again
	run ! grep -oE '[h:](date|message-id)[:;]' again
	refuses 2 'refuses two DKIM-Signature' bm-sign --profile ses "${keys[@]}" in
	refuses 2 'Easy DKIM is on (--easy-dkim)' \
		bm-sign --profile ses --easy-dkim --key s1=rsa.pem in
	BM_DKIM_EASY=yes refuses 2 'Easy DKIM is on (BM_DKIM_EASY)' \
		bm-sign --profile ses --key s1=rsa.pem in
	refuses 2 'neither generic nor ses' bm-sign --profile sess \
		--key s1=rsa.pem in
	bm-sign --domain uni.example --key other=rsa.pem in >signed
	ends 1 bm-sign --profile ses --key s1=rsa.pem signed
	[[ $output == *'Amazon SES refuses two'* ]]
	# What SES does to Date and Message-ID leaves the signature valid.
	jq -j .message out | sed 's/^Date: .*/Date: now\r/
		s/^Message-ID: .*/Message-ID: <x@ses>\r/' >ses
	ends 0 bm-sign verify --key s1=rsa.pem ses
	[[ $output == 'ses: pass '* ]]
}

@test "a signature expires when it should, and not in a week" {
	record 'From: a@uni.example' >in
	SOURCE_DATE_EPOCH=1800000000 bm-sign --expire 14d --key s1=rsa.pem in |
		grep -qF 't=1800000000; x=1801209600;'
	BM_DKIM_EXPIRE=7d bm-sign --key s1=rsa.pem in | grep -q ' x='
	run ! grep -q ' x=' <(bm-sign --key s1=rsa.pem in)
	refuses 2 '7 days or more' bm-sign --expire 6d --key s1=rsa.pem in
	refuses 2 'BM_DKIM_EXPIRE' env BM_DKIM_EXPIRE=soon \
		bm-sign --key s1=rsa.pem in
	now=$(date +%s)
	bm-sign --key s1=rsa.pem in | sed "s/.* t=\([0-9]*\).*/\1/" |
		awk -v now="$now" '{ exit !($1 >= now && $1 <= now + 60) }'
	SOURCE_DATE_EPOCH=1000000000 bm-sign --expire 7d --key s1=rsa.pem in |
		jq -j .message >old
	ends 1 bm-sign verify --key s1=rsa.pem old
	[[ $output == 'old: fail '*'expired'* ]]
}

@test "from one selector to the next: old and new are valid together" {
	bm-sign keygen --selector s2 new.pem
	rendered 2 >in
	export BM_DKIM_KEYS="s1=rsa.pem s2=new.pem" BM_DKIM_DOMAIN=uni.example
	bm-sign in >both
	BM_DKIM_KEYS=s1=rsa.pem bm-sign in | BM_DKIM_KEYS=s2=new.pem bm-sign >twice
	jq -j 'select(.user_id == "1").message' both >mail
	ends 0 bm-sign verify --key s1=rsa.pem --key s2=new.pem mail
	same "mail: pass d=uni.example s=s1 a=rsa-sha256
mail: pass d=uni.example s=s2 a=rsa-sha256"
	jq -j 'select(.user_id == "1").message' twice >mail
	ends 0 bm-sign verify --key s1=rsa.pem --key s2=new.pem mail
	same "mail: pass d=uni.example s=s2 a=rsa-sha256
mail: pass d=uni.example s=s1 a=rsa-sha256"
	publish uni.example s1=rsa.pem s2=new.pem
	mails mails <both
	ends 0 "$ROOT/tests/dkim/verify" published mails
}

@test "a key is read once, and leaves no trace in argv, environment or core" {
	rendered 30 >in
	strace -f -o trace -e trace=openat,execve,prctl,prlimit64 \
		bm-sign "${keys[@]}" in >out
	same 1 "$(grep -c '"rsa.pem"' <(grep openat trace))"
	same 1 "$(grep -c '"ed.pem"' <(grep openat trace))"
	same 1 "$(grep -c execve trace)"
	grep -q 'prctl(PR_SET_DUMPABLE, SUID_DUMP_DISABLE)' trace ||
		grep -q 'prctl(PR_SET_DUMPABLE, 0' trace
	grep -q 'RLIMIT_CORE, {rlim_cur=0, rlim_max=0}' trace
	mkfifo gate
	bm-sign "${keys[@]}" <gate >out 3>&- &
	pid=$!
	exec 5>gate
	cat in >&5
	wait_for 10 test -s out
	piece=$(sed -n 2p rsa.pem)
	run ! grep -aF "$piece" "/proc/$pid/cmdline" "/proc/$pid/environ"
	same 0 "$(awk '/Max core/ { print $5 }' "/proc/$pid/limits")"
	exec 5>&-
	wait $pid
}

@test "batches, resends and resumes: the same bytes but for t= and b=" {
	rendered 20 >in
	SOURCE_DATE_EPOCH=1800000000 bm-sign "${keys[@]}" in >one
	SOURCE_DATE_EPOCH=1800000000 bm-sign "${keys[@]}" in | cmp one -
	split -l 7 in part.
	SOURCE_DATE_EPOCH=1800000000 bm-sign "${keys[@]}" part.* | cmp one -
	SOURCE_DATE_EPOCH=1800000999 bm-sign "${keys[@]}" in >two
	run ! cmp -s one two
	blank='s/ t=18[0-9]*;/ t=;/g; s/ b=[A-Za-z0-9+\/=\\rn ]*DKIM/ b=DKIM/g
		s/ b=[A-Za-z0-9+\/= ]*\(\\r\\n [A-Za-z0-9+\/=]*\)*\\r\\nDate/ b=Date/'
	sed "$blank" one >one.blank
	sed "$blank" two | cmp one.blank -
	# bm-send knows a message that it has sent, signed at another time or not.
	ends 0 bm-send --maildir Maildir one
	ends 0 bm-send --maildir Maildir two
	same 20 "$(grep -c '"class":"duplicate"' <<<"$output")"
	same 20 "$(find Maildir/new -type f | wc -l)"
	ends 0 bm-sign verify "${keys[@]}" Maildir
	same "40 pass" "$(cut -d ' ' -f 2 <<<"$output" | sort | uniq -c |
		awk '{ print $1, $2 }')"
}

@test "verify: stdin, files, a Maildir, and what is wrong with a signature" {
	rendered 1 | bm-sign "${keys[@]}" | jq -j .message >mail
	ends 0 bm-sign verify --key s1=rsa.pem --key e1=ed.pem <mail
	same "stdin: pass d=uni.example s=s1 a=rsa-sha256
stdin: pass d=uni.example s=e1 a=ed25519-sha256"
	tr -d '\r' <mail >unix
	ends 0 bm-sign verify "${keys[@]}" - unix <mail
	same 4 "$(grep -c ': pass ' <<<"$output")"
	sed 's/week/weak/' mail >bad
	ends 1 bm-sign verify "${keys[@]}" bad
	same "bad: fail d=uni.example s=s1 a=rsa-sha256: the body was altered
bad: fail d=uni.example s=e1 a=ed25519-sha256: the body was altered"
	ends 1 bm-sign verify --key s1=rsa.pem mail
	[[ $output == *'s=e1 a=ed25519-sha256: no --key has this selector' ]]
	sed '/^DKIM/,/^Date/{/^Date/!d}' mail >plain
	ends 1 bm-sign verify "${keys[@]}" plain
	same "plain: none: there is no signature"
	refuses 2 'stdin: there is no message' bm-sign verify
	refuses 2 'none: cannot open' bm-sign verify none
	mkdir folder
	refuses 2 'folder/cur: cannot read' bm-sign verify folder
	printf 'no header\n' >junk
	refuses 1 'junk: header line 1' bm-sign verify junk
	"$ROOT/tests/dkim/alter" mail altered
	ends 1 bm-sign verify "${keys[@]}" altered/*.eml
	run ! grep ': pass' <<<"$output"
}

# in_dns ZONE COMMAND...
in_dns() {
	"$ROOT/tests/fake/with-dns" "$@"
}

@test "what dns prints passes check and the verifiers, through a resolver" {
	bm-sign dns --domain uni.example "${keys[@]}" >zone
	cat >>zone <<-'END'
		bounce.uni.example. IN TXT "other"
		bounce.uni.example. IN TXT "v=spf1 ip4:192.0.2.1 " "-all"
		_dmarc.uni.example. IN TXT "v=DMARC1; p=none"
	END
	ends 0 in_dns zone bm-sign check --domain uni.example "${keys[@]}" \
		--from 'Staff <staff@cs.uni.example>' \
		--envelope-sender b@bounce.uni.example
	same "s1._domainkey.uni.example: ok, the record has the key (RSA, 2048 bits)
e1._domainkey.uni.example: ok, the record has the key (Ed25519, 256 bits)
bounce.uni.example, SPF: v=spf1 ip4:192.0.2.1 -all
_dmarc.uni.example, DMARC: v=DMARC1; p=none
d=: uni.example is a parent of From's domain, cs.uni.example
envelope: bounce.uni.example is neither From's domain nor a parent of it, cs.uni.example"
	rendered 2 | bm-sign "${keys[@]}" | mails mails
	ends 0 in_dns zone "$ROOT/tests/dkim/verify" - mails
	ends 0 in_dns zone bm-sign verify mails/*
	same "4 pass" "$(cut -d ' ' -f 2 <<<"$output" | sort | uniq -c |
		awk '{ print $1, $2 }')"
}

@test "records that are missing, wrong, revoked, in test: each is named" {
	bm-sign dns --domain uni.example "${keys[@]}" >right
	bm-sign keygen --selector x other.pem
	rsa=$(bm-sign dns --string --domain uni.example --key s1=rsa.pem)
	add() { # SELECTOR RECORD: a line of the zone
		printf '%s._domainkey.uni.example. IN TXT "%s" "%s"\n' "$1" \
			"${2:0:200}" "${2:200}" >>zone
	}
	add wrong "$(bm-sign dns --string --domain uni.example --key x=other.pem)"
	add revoked 'v=DKIM1; k=rsa; p='
	add testing "${rsa/k=rsa/t=y; k=rsa}"
	add twice "$rsa"
	add twice 'v=DKIM1; p='
	add cut "${rsa::-10}"
	add type "${rsa/k=rsa/k=ed25519}"
	add sha1 "${rsa/k=rsa/h=sha1; k=rsa}"
	add junk 'hello world'
	add strict "${rsa/k=rsa/t=s; k=rsa}"
	cat >>zone <<-END
		alias._domainkey.uni.example. IN CNAME keys.example.net.
		keys.example.net. IN TXT "${rsa:0:250}" "${rsa:250}"
	END
	all=()
	for selector in missing wrong revoked testing twice cut type sha1 junk \
		strict alias; do
		all+=(--key "$selector=rsa.pem")
	done
	ends 1 --separate-stderr in_dns zone bm-sign check \
		--domain uni.example "${all[@]}"
	said() { # SELECTOR TEXT
		grep -q "^$1\._domainkey\.uni\.example: .*$2" <<<"$output" && return
		echo "not '$2' of $1: $output"
		return 1
	}
	said missing 'there is no record'
	said wrong 'another key'
	said revoked 'revoked (p= is empty)'
	said testing 't=y says testing'
	said twice 'there are 2 records'
	said cut 'p='
	said type 'no Ed25519 key'
	said sha1 'h= does not allow sha256'
	said junk malformed
	said strict 'ok, the record has the key'
	said alias 'ok, the record has the key'
	same '' "$stderr"
	ends 75 --separate-stderr in_dns zone bm-sign check --domain x.servfail \
		--key s1=rsa.pem
	[[ $stderr == bm-sign:*'no name server answers'* ]]
	# The records of others, at a parent, twice, or nowhere.
	printf '%s\n' 'uni.example. IN TXT "v=spf1 -all"' \
		'uni.example. IN TXT "v=spf1 ~all"' >>right
	ends 1 in_dns right bm-sign check "${keys[@]}" \
		--from staff@uni.example
	[[ $output == *'uni.example, SPF: there are 2 records'* ]]
	[[ $output == *'_dmarc.uni.example, DMARC: no record'* ]]
	ends 1 in_dns right bm-sign check --domain uni.example "${keys[@]}" \
		--from staff@other.example
	[[ $output == *"d=: uni.example is neither From's domain"* ]]
	# verify says of a record what check says.
	rendered 1 >in
	for selector in testing revoked missing alias; do
		bm-sign --key "$selector=rsa.pem" in | jq -j .message >"$selector"
	done
	sed 's/ d=uni.example/ d=x.servfail/' alias >unknown
	ends 75 in_dns zone bm-sign verify testing revoked missing alias unknown
	[[ ${lines[0]} == 'testing: pass '*'testing (t=y)'* ]]
	[[ ${lines[1]} == 'revoked: fail '*'revoked'* ]]
	[[ ${lines[2]} == 'missing: fail '*'there is no record' ]]
	[[ ${lines[3]} == 'alias: pass '*rsa-sha256 ]]
	[[ ${lines[4]} == 'unknown: unknown '*'no name server answers'* ]]
}

# tests/stress/dkim has a thousand of them, and the golden set.
@test "behind Postfix: odd messages and rendered ones pass four verifiers" {
	seed=$RANDOM
	echo "seed $seed"
	{
		"$ROOT/tests/dkim/messages" 30 "$seed"
		rendered 3
	} | bm-sign "${keys[@]}" >m
	same 33 "$(wc -l <m)"
	export BM_ENVELOPE_SENDER=b@uni.example
	behind_postfix m
	domains=$(cat captured/* | sed -nE 's/^ d=([^;]*);.*/\1/p' | sort -u)
	for domain in $domains; do
		publish "$domain" s1=rsa.pem e1=ed.pem
		cat published >>all
	done
	mv all published
	ends 0 "$ROOT/tests/dkim/verify" published captured
}

# behind_postfix FILE: sends it; what Postfix's smtpd took is in captured.
behind_postfix() {
	dir=$(mktemp -d)
	chmod 755 "$dir"
	cp -r "$ROOT/build/postfix" "$dir"
	serve "$dir/fake" "$ROOT/tests/fake/postfix.py" "$dir/fake" \
		"$dir/postfix"
	EMAIL_USE_TLS=no bm-send "$1" >out
	same "$(wc -l <"$1")" "$(grep -c '"status":"sent"' out)"
	"$ROOT/tests/fake/postfix.py" --read-all "$FAKE/queue/maildrop" captured
	same "$(wc -l <"$1")" "$(find captured -name '*.eml' | wc -l)"
}

@test "every verifier refuses every alteration" {
	rendered 1 | bm-sign "${keys[@]}" | jq -j .message >mail
	publish uni.example s1=rsa.pem e1=ed.pem
	"$ROOT/tests/dkim/alter" mail altered
	count=$(find altered -name '*.eml' | wc -l)
	[ "$count" -ge 12 ]
	cp mail altered/good.eml
	# The one that is as it was is the only one that any of them passes.
	ends 1 "$ROOT/tests/dkim/verify" published altered --refused
	same 4 "$(grep -c ": $count refused, 1 wrong" <<<"$output")"
	same 4 "$(grep -c ': good.eml: ' <<<"$output")"
}

@test "through Postfix to a next hop without 8BITMIME: still valid" {
	rendered 3 | bm-sign "${keys[@]}" >m
	header='From: a@uni.example\r\nDate: Thu, 1 Oct 2026 10:00:00 +0000'
	header+='\r\nMessage-ID: <1@uni.example>\r\nMIME-Version: 1.0\r\n'
	header+='Content-Type: text/plain; charset=utf-8\r\n'
	header+='Content-Transfer-Encoding: 8bit'
	record "$header" 'Grüße\r\n' | sed 's/u1@/u4@/' |
		bm-sign "${keys[@]}" >>m
	dir=$(mktemp -d)
	chmod 755 "$dir"
	cp -r "$ROOT/build/postfix" "$dir"
	fake --ext PIPELINING,ENHANCEDSTATUSCODES
	hop=$FAKE
	serve "$dir/relay" "$ROOT/tests/fake/postfix-relay.py" "$dir/relay" \
		"$dir/postfix" "$EMAIL_PORT"
	EMAIL_USE_TLS=no BM_ENVELOPE_SENDER=b@uni.example bm-send m >out
	same 4 "$(grep -c '"status":"sent"' out)"
	arrived_at_hop() { [ "$(wc -l <"$hop/messages")" -ge 4 ]; }
	wait_for 30 arrived_at_hop
	mkdir captured foreign
	for n in 1 2 3 4; do
		if grep -q '^To: .*u[123]@' "$hop/mail/$n"; then
			cp "$hop/mail/$n" "captured/$n.eml"
		else
			cp "$hop/mail/$n" "foreign/$n.eml"
		fi
	done
	same 3 "$(find captured -type f | wc -l)"
	same 3 "$(grep -l '^Received: .*relay.example\|by relay.example' captured/* |
		wc -l)"
	publish uni.example s1=rsa.pem e1=ed.pem
	ends 0 "$ROOT/tests/dkim/verify" published captured
	ends 0 bm-sign verify "${keys[@]}" captured/*
	# The relay did encode: a message that needs it does not survive.
	grep -q 'Content-Transfer-Encoding: quoted-printable' foreign/*
	ends 0 "$ROOT/tests/dkim/verify" published foreign --refused
}
