#!/usr/bin/env bats
# The byte-level lint of messages flags each broken sibling of a good one.
# shellcheck disable=SC2016 # the dollar is sed's

load helper

setup() {
	LINT=$BATS_TEST_DIRNAME/mimelint
	GOOD=$BATS_TEST_TMPDIR/good.eml
	cat >"$BATS_TEST_TMPDIR/lf" <<-'END'
		Date: Tue, 24 Nov 2026 04:28:01 +0000
		From: "Größe"
		From: "Course Staff" <no-reply@uni.example>
		To: =?utf-8?B?5p2O5bCP6b6Z?= <li@uni.example>
		Subject: =?utf-8?Q?Gr=C3=B6=C3=9Fe?=
		Message-ID: <abc@uni.example>
		List-Id: "C" <c.lists.uni.example>
		List-Unsubscribe: <https://uni.example/o?t=A>,
		 <mailto:o@uni.example?subject=A>
		List-Unsubscribe-Post: List-Unsubscribe=One-Click
		Feedback-ID: week3:list-c:course-mail:abcdef
		MIME-Version: 1.0
		Content-Type: multipart/alternative;
		 boundary="=_b"

		--=_b
		Content-Type: text/plain; charset=utf-8
		Content-Transfer-Encoding: quoted-printable

		Gr=C3=B6=C3=9Fe

		--=_b
		Content-Type: text/html; charset=utf-8
		Content-Transfer-Encoding: base64

		PHA+SGk8L3A+DQo=
		--=_b--
	END
	sed -e '/^From: "Gr/d' -e 's/$/\r/' "$BATS_TEST_TMPDIR/lf" >"$GOOD"
}

# broken RULE SED-SCRIPT: the lint finds RULE in the changed message.
broken() {
	sed -e "$2" "$GOOD" >"$BATS_TEST_TMPDIR/broken.eml"
	if cmp -s "$GOOD" "$BATS_TEST_TMPDIR/broken.eml"; then
		echo "nothing changed: $2"
		return 1
	fi
	run "$LINT" "$BATS_TEST_TMPDIR/broken.eml"
	[ "$status" -eq 1 ] && [[ $output == *": $1: "* ]] && return
	echo "not flagged as $1: $2"
	echo "$output"
	return 1
}

@test "a good message has no finding" {
	run "$LINT" "$GOOD"
	same '' && [ "$status" -eq 0 ]
}

@test "broken header: each sibling is flagged" {
	broken F-02 's/^\(Subject:.*\)/\1\n\1/'
	broken F-02 's/^\(List-Id:.*\)/\1\n\1/'
	broken F-02 '/^Message-ID/d'
	broken F-02 '/^Date/d'
	broken F-02 's/^\(From: .*\)/\1\n\1/'
	broken F-12 's/^From: /From: a@uni.example, /'
	broken F-15 's/^To:/Return-Path: <x@uni.example>\r\nTo:/'
	broken F-10 's/^Date: .*/Date: Di, 24 Nov 2026 04:28:01 +0000\r/'
	broken F-11 's/^Message-ID: .*/Message-ID: <a b@uni.example>\r/'
	broken F-01 's/^To:/To :/'
	broken F-04 's/^To: /To:\r\n \r\n /'
	broken F-18 's/^Feedback-ID: .*/Feedback-ID: a:b:c\r/'
}

@test "broken encoded-words: each sibling is flagged" {
	broken E-05 's/^Subject: .*/Subject: Größe\r/'
	broken E-04 's/^To: =[^ ]*/To: "=?utf-8?Q?x?="/'
	broken E-04 's/^To: =[^ ]*/To: x=?utf-8?Q?x?=/'
	broken E-04 's/^To: =[^ ]*/To: =?utf-8?Q?a,b?=/'
	broken E-01 "s/^Subject: .*/Subject: =?utf-8?Q?$(printf 'x%.0s' {1..70})?=\r/"
	broken F-03 "s/^Subject: .*/Subject: =?utf-8?Q?$(printf 'x%.0s' {1..60})?=\r/"
	broken E-02 's/^Subject: .*/Subject: =?utf-8?Q?=C3?=\r\n =?utf-8?Q?=B6?=\r/'
	broken E-02 's/^Subject: .*/Subject: =?utf-8?B?5p2O5bC?=\r/'
	broken E-04 's/^Subject: .*/Subject: =?utf-8?Q?a b?=\r/'
	broken E-03 's/^Message-ID: .*/Message-ID: =?utf-8?Q?x?=\r/'
	broken E-03 's/^List-Unsubscribe: </List-Unsubscribe: =?utf-8?Q?x?= </'
}

@test "broken list headers: each sibling is flagged" {
	broken L-01 's/<https:/<http:/'
	broken L-01 's/<mailto:/<https:/'
	broken L-02 '/^List-Unsubscribe-Post/d'
	broken L-02 's/=One-Click/=one-click/'
	broken L-03 's/o?t=A>/o?t=\r\n A>/'
	broken L-06 's/<c.lists.uni.example>/<c lists>/'
}

@test "broken bytes: each sibling is flagged" {
	broken F-05 '3s/\r$//'
	broken F-05 '$s/\r$//'
	broken F-05 's/^Gr=C3/Gr\r=C3/'
	broken F-06 's/^Gr=C3/\x00=C3/'
	broken F-06 's/^Gr=C3/\x07=C3/'
	broken F-06 's/^Gr=C3/=00=C3/'
	broken F-03 "s/^Gr=C3.*/$(printf 'x%.0s' {1..1200})\r/"
}

@test "broken parts: each sibling is flagged" {
	broken M-01 's/text\/plain/text\/x/;s/text\/html/text\/plain/;s/text\/x/text\/html/'
	broken M-01 's/multipart\/alternative/text\/plain/'
	broken M-02 '/^Gr=C3/d'
	broken M-03 's/boundary="=_b"/boundary==_b/'
	broken M-04 '/^--=_b--/d'
	broken M-05 's/plain; charset=utf-8/plain; charset=latin1/'
	broken M-05 's/^Gr=C3=B6/Gr=C3/'
	broken M-06 's/^Gr=C3/Gr=0A=C3/'
	broken E-06 's/quoted-printable/8bits/'
	broken E-06 's/quoted-printable/8bit/'
	broken E-07 's/^Gr=C3=B6/Gr=c3=b6/'
	broken E-07 's/^Gr=C3/Gr=ZZ/'
	broken E-07 's/=9Fe\r/=9Fe \r/'
	broken E-07 "s/^Gr=C3/$(printf 'x%.0s' {1..80})=C3/"
	broken E-08 's/^PHA.*/PHA+SGk8L3A+DQ=\r/'
	broken E-08 's/^PHA/P-A/'
	broken E-05 's/^Gr=C3=B6/Grö/'
}

@test "tags left in a message are flagged when asked" {
	sed 's/^Gr=C3/{{name}} =C3/' "$GOOD" >"$BATS_TEST_TMPDIR/tag.eml"
	ends 0 "$LINT" "$BATS_TEST_TMPDIR/tag.eml"
	ends 1 "$LINT" --tags "$BATS_TEST_TMPDIR/tag.eml"
	[[ $output == *R-01* ]]
}
