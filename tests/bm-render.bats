#!/usr/bin/env bats
# bm-render: a personal message for each record.

# shellcheck disable=SC2030,SC2031 # each test is a subshell of its own
# shellcheck disable=SC2016 # tags of other systems begin with a dollar sign
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export BM_OPTOUT_URL=https://uni.example/optout
	export BM_POSTAL_ADDRESS='1 Main Street, Springfield'
	export BM_PLATFORM_NAME='UniX Online'
	export BM_KEY_FILE=$PWD/keys
	export DEFAULT_BULK_FROM_EMAIL=no-reply@uni.example
	export SOURCE_DATE_EPOCH=1795494481
	printf '1 %s\n' "$(head -c 64 /dev/zero | base64 -w 0)" >keys
	chmod 600 keys
	echo '<p>Hello {{name}}</p>' >week3.html
	record >one
}

# record [JSON MEMBERS]: one recipient; later members replace earlier ones.
record() {
	jq -cn '{email: "ann@uni.example", name: "Ann Lee", user_id: 7,
		username: "ann", course_id: "course-v1:UniX+CS101+2026",
		course_title: "Sorting", why: "learner"} + {'"${1-}"'}'
}

render() {
	bm-render --id week3 --subject 'Week 3' "$@"
}

part() { # PART ARGUMENT...: from the record in "one"
	local part=$1
	shift
	render --part "$part" "$@" <one
}

header() { # NAME ARGUMENT...: unfolded
	local name=$1
	shift
	part headers "$@" | tr -d '\r' |
		sed -e ':a' -e 'N' -e '$!ba' -e 's/\n[ \t]/ /g' |
		grep -i "^$name:"
}

refused() { # TEXT MEMBERS...: the record is refused, with this text
	local text=$1 members=$2
	shift 2
	record "$members" >bad
	run --separate-stderr render "$@" "${BODY-week3.html}" <bad
	[ "$status" -eq 1 ] && [ -z "$output" ] &&
		[ "${stderr:?}" = "bm-render: stdin:1: $text" ] && return
	echo "status $status: $output $stderr"
	return 1
}

lacks() { # REASON MEMBERS...: the same for a field without a value
	local text=$1 members=$2 remedy
	shift 2
	record "$members" >bad
	run --separate-stderr render "$@" "${BODY-week3.html}" <bad
	remedy=${stderr##*$'\n'}
	[[ $remedy == "bm-render: a value for such people: --default "*"=TEXT;"* ]]
	[ "$status" -eq 1 ] && [ -z "$output" ] &&
		[[ ${stderr%$'\n'*} == "bm-render: "$text ]] && return
	echo "status $status: $output $stderr"
	return 1
}

fails() { # TEXT ARGUMENT...: status 2 and this text, nothing on stdout
	local text=$1
	shift
	run --separate-stderr render "$@" <one
	[ "$status" -eq 2 ] && [ -z "$output" ] &&
		[ "${stderr%%$'\n'*}" = "bm-render: $text" ] && return
	echo "status $status: $output $stderr"
	return 1
}

# picture NAME COLOUR: a PNG of one pixel.
picture() {
	/usr/bin/python3 - "$1" "$2" <<-'END'
		import struct, sys, zlib
		def chunk(kind, data):
		    return struct.pack(">I", len(data)) + kind + data + struct.pack(
		        ">I", zlib.crc32(kind + data))
		with open(sys.argv[1], "wb") as f:
		    f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(
		        ">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(
		        b"\0" + bytes([int(sys.argv[2])] * 3))) + chunk(b"IEND", b""))
	END
}

# parts FILE: type, name and the number of mentions of each part of a message
# that is not text.
parts() {
	/usr/bin/python3 - "$1" <<-'END'
		import email, email.policy, sys
		with open(sys.argv[1], "rb") as f:
		    m = email.message_from_binary_file(f, policy=email.policy.default)
		html = m.get_body(("html",)).get_content()
		ids = [p["content-id"] for p in m.walk() if p["content-id"]]
		assert len(set(ids)) == len(ids), ids
		for p in m.walk():
		    cid = (p["content-id"] or "").strip("<>")
		    if not p.is_multipart() and p.get_content_type() not in (
		            "text/plain", "text/html"):
		        print(p.get_content_type(), p.get_filename(),
		              html.count("cid:" + cid) if cid else "-")
	END
}

@test "a message record with all its members" {
	run render week3.html <one
	[ "$status" -eq 0 ]
	same 'email_id course_id user_id email sender content subject message' \
		"$(jq -r 'keys_unsorted | join(" ")' <<<"$output")"
	same 'week3 course-v1:UniX+CS101+2026 7 ann@uni.example no-reply@uni.example' \
		"$(jq -r '[.email_id, .course_id, .user_id, .email, .sender] | join(" ")' <<<"$output")"
	jq -r .message <<<"$output" >m.eml
	same 'multipart/alternative text/plain text/html' "$(/usr/bin/python3 - m.eml <<-'END'
		import email, email.policy, sys
		with open(sys.argv[1], "rb") as f:
		    m = email.message_from_binary_file(f, policy=email.policy.default)
		print(*[p.get_content_type() for p in m.walk()])
	END
	)"
}

@test "no input, no output" {
	ends 0 render week3.html </dev/null
	[ -z "$output" ]
}

@test "the headers of a course mail" {
	part headers week3.html | tr -d '\r' >got
	token=$(sed -n 's/^List-Unsubscribe: .*?t=\(.*\)>$/\1/p' got)
	id=$(sed -n 's/^X-BM-ID: //p' got)
	[ "${#token}" -gt 40 ] && [ "${#id}" -eq 32 ]
	same "Date: Tue, 24 Nov 2026 04:28:01 +0000
From: \"Sorting Course Staff\" <no-reply@uni.example>
To: \"Ann Lee\" <ann@uni.example>
Subject: Week 3
Message-ID: <$id@uni.example>
List-Id: \"Sorting\"
 <course-v1-unix-cs101-2026.lists.uni.example>
List-Unsubscribe: <https://uni.example/optout?t=$token>
List-Unsubscribe-Post: List-Unsubscribe=One-Click
Feedback-ID: week3:list-course-v1-unix-cs101-2026:course-mail:$(sed -n 's/^Feedback-ID.*://p' got)
X-BM-ID: $id
Auto-Submitted: auto-generated
Precedence: bulk
MIME-Version: 1.0
Content-Type: multipart/alternative;
 boundary=\"=_${id}a\"" "$(cat got)"
}

@test "the Message-ID is the one of bm-records(5)" {
	want=$(printf 'bm message-id 1\0week3\0ann@uni.example' |
		openssl dgst -sha256 -binary | head -c 20 | base32 |
		tr '[:upper:]' '[:lower:]')
	same "Message-ID: <$want@uni.example>" "$(header Message-ID week3.html)"
	record 'email: "ANN@Uni.Example"' >one
	same "Message-ID: <$want@uni.example>" "$(header Message-ID week3.html)"
}

@test "the content is the hash of bm-records(5)" {
	item() { printf '%d\n%s' "${#1}" "$1"; }
	echo plain >body.txt
	want=$({
		item course-v1:UniX+CS101+2026
		item 'Week 3'
		item '<a href="{{optout_url}}">{{postal_address}}</a>'
		item '{{optout_url}} {{postal_address}}'
		item ''
		item ''
		printf '%d\n%s\r\n' 54 'From: "Sorting Course Staff" <no-reply@uni.example>'
		item 'reply@uni.example'
		item ''
		item 'X-A: {{name}}'
		item 'a=1'
		item 'b=2'
	} | sed 's/^54$/53/' | sha256sum | cut -d' ' -f1)
	printf '%s' '<a href="{{optout_url}}">{{postal_address}}</a>' >b.html
	printf '%s' '{{optout_url}} {{postal_address}}' >b.txt
	same "$want" "$(render --layout none --text b.txt --set b=2 --set a=1 \
		--reply-to reply@uni.example --header 'X-A: {{name}}' b.html \
		<one | jq -r .content)"
}

@test "the same input gives the same bytes; the date comes from the clock" {
	render week3.html <one >a
	LC_ALL=de_DE.UTF-8 TZ=Asia/Kolkata render week3.html <one >b
	cmp a b
	unset SOURCE_DATE_EPOCH
	date=$(header Date week3.html)
	then=$(date -d "${date#Date: }" +%s)
	[ $((EPOCHSECONDS - then)) -le 60 ] && [ "$then" -le "$EPOCHSECONDS" ]
}

@test "--part html with --layout none is the rendered body, byte for byte" {
	printf 'x {{name}}\r\n\ty  {{{name}}}' >b.html
	record 'name: "A & <B>"' >one
	part html --layout none b.html >got
	printf 'x A &amp; &lt;B&gt;\r\n\ty  A & <B>' | cmp - got
	env -u BM_OPTOUT_URL -u BM_KEY_FILE -u BM_POSTAL_ADDRESS \
		-u DEFAULT_BULK_FROM_EMAIL bm-render --id a --subject s \
		--part html --layout none b.html <<<'{"email":"a@b.org","name":"z"}' >got
	printf 'x z\r\n\ty  z' | cmp - got
}

@test "each recipient's link is a valid token of theirs" {
	record 'email: "bob@uni.example", user_id: "u8"' >>one
	render week3.html <one >got
	same 2 "$(jq -r '.message | capture("<(?<u>https://[^>]*)>").u' got |
		sort -u | wc -l)"
	jq -r '.message | capture("t=(?<t>[^>]*)>").t' got >tokens
	for part in text html; do
		part "$part" week3.html >got
		grep -qF "$(head -1 tokens)" got
		grep -qF "$(tail -1 tokens)" got
		grep -qF '1 Main Street, Springfield' got
	done
}

@test "mailto opt-out stands behind the https one, on a line of its own" {
	export BM_OPTOUT_MAILTO=optout@uni.example
	part headers week3.html | tr -d '\r' >got
	grep -A1 '^List-Unsubscribe: <https://.*>,$' got |
		grep '^ <mailto:optout@uni.example?subject=[A-Za-z0-9_-]*>$'
}

@test "without opt-out link and postal address nothing is rendered" {
	BM_OPTOUT_URL='' fails 'BM_OPTOUT_URL is not set: every message must carry an opt-out link' week3.html
	BM_POSTAL_ADDRESS='' fails 'BM_POSTAL_ADDRESS is not set: every message must carry a postal address' week3.html
	BM_KEY_FILE='' fails 'BM_KEY_FILE is not set: opt-out links need a key' week3.html
	BM_OPTOUT_URL=http://uni.example/ fails 'the opt-out address is not https' week3.html
	DEFAULT_BULK_FROM_EMAIL='' fails 'DEFAULT_BULK_FROM_EMAIL is not set, and no --from given' week3.html
	fails 'the HTML part lacks the postal address: {{postal_address}} must stand in it' --layout none week3.html
	echo '{{postal_address}}' >b.html
	fails 'the HTML part lacks the opt-out link: {{optout_url}} must stand in it' --layout none b.html
	echo '<a href="{{optout_url}}">{{postal_address}}</a>' >b.html
	echo '{{optout_url}}' >b.txt
	fails 'the text part lacks the postal address: {{postal_address}} must stand in it' --layout none --text b.txt b.html
	ends 0 render --layout none b.html <one
}

@test "a link that a section swallows is noticed" {
	echo '{{#x}}<a href="{{optout_url}}">o</a>{{/x}}{{postal_address}}' >b.html
	run --separate-stderr render --layout none b.html <one
	[ "$status" -eq 1 ]
	same 'bm-render: stdin:1: the HTML came out without the opt-out link' "$stderr"
}

@test "--no-optout is for staff and the sender, and says so" {
	run --separate-stderr render --no-optout week3.html <one
	[ "$status" -eq 1 ] && [ -z "$output" ]
	[[ ${stderr_lines[0]:?} == *'only staff and the sender'* ]]
	[[ ${stderr_lines[1]} == *'"why" is neither "staff" nor "myself"' ]]
	record 'why: "staff"' >one
	run --separate-stderr render --no-optout week3.html <one
	[ "$status" -eq 0 ]
	[[ $output != *List-Unsubscribe* && $output != *optout* ]]
	[[ $output == *'1 Main Street, Springfield'* ]]
}

@test "From: the course's title, within what SES takes" {
	title='Финансовое программирование и политика, часть 1: макроэкономические счета и анализ'
	record "course_title: \"$title\", course_id: \"course-v1:IMFx+FPP.1x+2013\"" >one
	same 'From: "FPP.1x Course Staff" <FPP.1x-no-reply@courseupdates.edx.org>' \
		"$(header From --default-from FPP.1x-no-reply@courseupdates.edx.org week3.html)"
	[[ $(header From --default-from no-reply@edx.org week3.html) == 'From: =?utf-8?B?'* ]]
	record 'course_title: "A \" \\ B"' >one
	same 'From: "A \" \\ B Course Staff" <no-reply@uni.example>' "$(header From week3.html)"
	record 'course_title: null' >one
	same 'From: "CS101 Course Staff" <no-reply@uni.example>' "$(header From week3.html)"
	record 'course_id: "UniX/CS 101/2026", course_title: ""' >one
	same 'From: "CS 101 Course Staff" <no-reply@uni.example>' "$(header From week3.html)"
}

@test "From: a name in DEFAULT_BULK_FROM_EMAIL is used as given" {
	export DEFAULT_BULK_FROM_EMAIL='Computing 101 <cs101@uni.example>'
	same 'From: "Computing 101" <cs101@uni.example>' "$(header From week3.html)"
	same 'From: "X" <x@uni.example>' "$(header From --default-from 'X <x@uni.example>' week3.html)"
	same 'From: "Sorting Course Staff" <x@uni.example>' "$(header From --default-from x@uni.example week3.html)"
	same 'From: x@uni.example' "$(header From --from x@uni.example week3.html)"
}

@test "From: a local part that is not ASCII stands as it is (RFC 6532)" {
	same 'From: "Jo" <jörg@uni.example>' "$(header From --from 'Jo <jörg@uni.example>' week3.html)"
	same 'From: "Jo" <jörg@uni.example>' "$(header From --default-from 'Jo <jörg@uni.example>' week3.html)"
	same 'Reply-To: é@uni.example' "$(header Reply-To --reply-to é@uni.example week3.html)"
	same jörg@uni.example "$(render --from jörg@uni.example week3.html <one | jq -r .sender)"
}

# because MEMBERS [OPTION...]: the reason in the footer, in both parts
because() {
	record "$1" >because
	shift
	render --part text "$@" week3.html <because |
		tr '\n' ' ' | sed 's/.*Lee//; s/.*because \([^.]*\)\..*/\1/'
	echo
	render --part html "$@" week3.html <because | tr '\n' ' ' |
		sed 's/.*because \([^.]*\)\.<.*/\1/; s/<[^>]*>//g'
	echo
}

@test "why: the target, being selected, or --why" {
	both() { same "$1"$'\n'"$1" "$(because "${@:2}")"; }
	both 'you are enrolled in Sorting' ''
	both 'you are enrolled in Sorting' 'why: "cohort:Blue"'
	both 'you belong to the staff of Sorting' 'why: "staff"'
	# As bm-recipients --query and --read leave it.
	both 'you were selected for this message' 'why: null'
	both 'you were selected for this message' 'why: "email:ann@uni.example"'
	both 'you asked for it' 'why: "staff"' --why 'you asked for it'
	# It is a part of what is said: another one is another mailing.
	run ! same "$(render week3.html <one | jq -r .content)" \
		"$(render --why x week3.html <one | jq -r .content)"
	fails '--why: a line break' --why $'a\nb' week3.html
}

@test "--from, --reply-to, --sender, --envelope-sender" {
	same 'From: "Dr. X" <x@uni.example>' "$(header From --from '"Dr. X" <x@uni.example>' week3.html)"
	same 'From: x@uni.example' "$(header From --from x@uni.example week3.html)"
	same 'Reply-To: "Help" <h@uni.example>' "$(header Reply-To --reply-to 'Help <h@uni.example>' week3.html)"
	same 'Sender: s@uni.example' "$(header Sender --sender s@uni.example week3.html)"
	run ! header Sender --sender no-reply@uni.example week3.html
	same bounce@uni.example "$(render --envelope-sender bounce@uni.example week3.html <one | jq -r .sender)"
	fails '--from: the display name needs quotes because of '"','" --from 'A, B <a@uni.example>' week3.html
	fails "--reply-to: the local part has the character '@'" --reply-to 'a@uni.example,b@uni.example' week3.html
	fails 'From x@gmail.com: its owner lets nobody else send in its name' --from x@gmail.com week3.html
}

@test "--header: an allow-list, templates, no duplicates" {
	same 'X-Course: Sorting' "$(header X-Course --header 'X-Course: {{course_title}}' week3.html)"
	fails 'the header Bcc cannot be set with --header' --header 'Bcc: v@e.org' week3.html
	fails 'the header Subject cannot be set with --header' --header 'Subject: x' week3.html
	fails 'the header DKIM-Signature cannot be set with --header' --header 'DKIM-Signature: x' week3.html
	fails '"X-A b" is no header name' --header 'X-A b: x' week3.html
	fails 'the header x-a is given twice' --header 'X-A: 1' --header 'x-a: 2' week3.html
	fails '--header X-A: not "Name: value"' --header X-A week3.html
	refused 'the X-A has a line break' 'x: "a\r\nBcc: v@e.org"' --header 'X-A: {{x}}'
}

@test "a template of one line has no line break" {
	for bad in $'a\nb' $'a\r\nBcc: v@e.org' $'a\n'; do
		run --separate-stderr bm-render --id week3 --subject "$bad" \
			week3.html <one
		[ "$status" -eq 2 ] && [ -z "$output" ]
		same 'bm-render: --subject: a line break' "$stderr"
		fails 'X-A: a line break' --header "X-A: $bad" week3.html
	done
}

@test "values with line breaks and controls are refused, and named" {
	refused 'the name has a line break' 'name: "x\r\nBcc: v@e.org"'
	refused 'the name has a line break' 'name: "x\u2028y"'
	refused 'the name has a control character' 'name: "x\u0007"'
	refused '"email": the address has a control character' 'email: "a@uni.example\r\nBcc: v@e.org"'
	refused '"email" is missing' 'email: null'
	refused '"course_id" is missing' 'course_id: null'
	refused 'the course title has a line break' 'course_title: "a\nb"'
	refused 'the HTML has the control character U+001B' 'x: "\u001b"' --set y=1 --text /dev/null --layout "$(
		mkdir -p esc
		echo '{{> body}}{{x}}<a href="{{optout_url}}">{{postal_address}}</a>' >esc/layout.html
		echo '{{> body}}{{optout_url}} {{postal_address}}' >esc/layout.txt
		echo esc
	)"
}

@test "a part is not shown of a record that gets no message" {
	for part in html text; do
		refused 'the HTML has the control character U+0007' \
			'name: "x\u0007"' --layout none --part "$part"
	done
}

@test "a header larger than Gmail takes is refused" {
	long=$(printf 'word %.0s' {1..6600})
	refused 'the header X-A is longer than 32768 bytes' "x: \"$long\"" \
		--header 'X-A: {{x}}'
	refused 'the header List-Id is longer than 32768 bytes' \
		"course_title: \"$long\"" --from staff@uni.example
	long=${long:0:30000} more=()
	for i in {1..17}; do more+=(--header "X-$i: {{x}}"); done
	record "x: \"$long\"" >bad
	run --separate-stderr render "${more[@]}" week3.html <bad
	[ "$status" -eq 1 ] && [ -z "$output" ]
	[[ $stderr == 'bm-render: stdin:1: the header has 5'*' bytes, 500000 allowed' ]]
}

@test "one mailing, one course" {
	record 'course_id: "course-v1:UniX+OTHER+2026"' >>one
	run --separate-stderr render week3.html <one
	[ "$status" -eq 1 ]
	same 'bm-render: stdin:2: course course-v1:UniX+OTHER+2026: this mailing is of course-v1:UniX+CS101+2026' "$stderr"
	same C "$(render --course C week3.html <<<'{"email":"a@uni.example","name":"A"}' | jq -r .course_id)"
}

@test "a missing field names field, template and line" {
	printf '<p>\n{{nothing}}</p>' >b.html
	run --separate-stderr render b.html <one
	[ "$status" -eq 1 ]
	[[ $stderr == 'bm-render: b.html:2:'*'nothing'* ]]
	ends 0 render --missing empty b.html <one
	run --separate-stderr bm-render --id a --subject '{{nothing}}' week3.html <one
	[[ $stderr == 'bm-render: subject:1:'*'nothing'* ]]
}

@test "errors name the place in Markdown and in a partial's file" {
	printf '# é {{name}}\n\n\n- é *x* {{nothing}}\n' >b.md
	BODY=b.md lacks 'b.md:4:9: field nothing is missing: no record of the run has it (1 record is refused)' ''
	printf '# x\n\n\n{{#name}}\n\n[x]({{name}})\n' >b.md
	fails 'b.md:4:1: section without end: name' b.md
	printf '# x\n\n\n{{#name}}\n\n[x]({{name}})\n{{/name}}' >b.md
	BODY=b.md refused 'b.md:6:5: field name is not an http, https or mailto URL' ''
	printf '# x\n\n%%%%USER_ID%%%%\n\n<a href={{name}}>x</a>\n' >b.md
	fails "b.md:5:9: put the attribute's value in quotes to have a tag in it: name" b.md
	mkdir dir
	printf 'x\n{{nothing}}' >dir/sig.mustache
	printf '<p>\n{{> sig}}' >b.html
	BODY=b.html lacks 'dir/sig.mustache:2:1: field nothing is missing: no record of the run has it (1 record is refused)' '' --partials dir
	printf 'x\n {{#nothing}}' >dir/sig.mustache
	fails 'dir/sig.mustache:2:2: section without end: nothing' --partials dir b.html
}

@test "a template error names file, line and column before any output" {
	printf '<p>\n{{#x}}</p>' >b.html
	run --separate-stderr render b.html <one
	[ "$status" -eq 2 ] && [ -z "$output" ]
	[[ $stderr == 'bm-render: b.html:2:1: '* ]]
	printf 'a\n\xff' >b.html
	fails 'b.html:2: invalid UTF-8' b.html
	printf 'a\n\n\x01' >b.html
	fails 'b.html:3: control character U+0001' b.html
	run --separate-stderr render none.html <one
	[ "$status" -eq 2 ] && [[ $stderr == *none.html* ]]
}

@test "records that cannot be used do not stop the others; --rejects" {
	{
		record 'email: "nobody"'
		record
		echo '{"email":'
		record 'name: "Bo"'
	} >many
	run --separate-stderr render --rejects rejects week3.html <many
	[ "$status" -eq 1 ]
	same 2 "$(wc -l <<<"$output")"
	same 2 "$(wc -l <rejects)"
	[[ ${stderr_lines[0]} == 'bm-render: stdin:1: "email": the address has no '* ]]
	[[ ${stderr_lines[1]} == 'bm-render: stdin:3: '* ]]
}

@test "values are data: tags, markup and keywords in them stay as they are" {
	record 'name: "{{email}} %%USER_ID%% <b> & \"q\""' >one
	same '<p>Hello {{email}} %%USER_ID%% &lt;b&gt; &amp; &quot;q&quot;</p>' \
		"$(part html --layout none week3.html)"
	same 'Hello {{email}} %%USER_ID%% <b> & "q"' "$(part text --layout none week3.html)"
}

@test "the keywords of Open edX, in bodies" {
	echo '<p>%%USER_FULLNAME%% %%USER_ID%% %%COURSE_DISPLAY_NAME%% %%COURSE_END_DATE%% %%OTHER%% 5%%</p>' >b.html
	record 'course_end_date: "2026-12-24"' >one
	same 'Ann Lee 7 Sorting 2026-12-24 %%OTHER%% 5%%' "$(part text --layout none b.html)"
}

@test "--set makes a field of every record, and wins over it" {
	echo '<p>{{name}} {{x}}</p>' >b.html
	same 'Bo =y' "$(part text --layout none --set name=Bo --set x==y b.html)"
	fails '--set x: not NAME=VALUE' --set x b.html
	fails '--set x: given twice' --set x=1 --set x=2 b.html
	fails '--set optout_url: no field of that name can be set' --set optout_url=x b.html
	record 'postal_address: "elsewhere", optout_url: "https://evil.example/"' >one
	part text week3.html >got
	run ! grep -e elsewhere -e evil got
}

@test "Markdown by suffix or --format" {
	printf '# Hi {{name}}\n\n**bold** <https://e.example/>\n' >b.md
	[[ $(part html --layout none b.md) == *'<h1>Hi Ann Lee</h1>'*'<strong>bold</strong>'* ]]
	cp b.md b.txt
	[[ $(part html --layout none --format markdown b.txt) == *'<strong>bold</strong>'* ]]
	[[ $(part html --layout none --format html b.md) == '# Hi Ann Lee'* ]]
	fails '--format x: html, markdown or text is possible' --format x b.md
}

@test "plain text by suffix or --format: both parts are what was written" {
	printf 'Dear {{name}},\r\n\r\nthe exam:\n  - pen\n  - ID\n\nIf a <b then swap; x<y && y>z. Mail <ann@uni.example>, see <https://x.example/>.\n\n-- \n%%%%USER_FULLNAME%%%% {{{name}}}\n\n' >week.txt
	record 'name: "A & B"' >one
	part text --layout none --text-width 0 week.txt >got
	printf 'Dear A & B,\n\nthe exam:\n  - pen\n  - ID\n\nIf a <b then swap; x<y && y>z. Mail <ann@uni.example>, see <https://x.example/>.\n\n-- \nA & B A & B\n' >want
	cmp got want
	part html --layout none week.txt >got
	grep -qx '<li>pen</li>' got && grep -q 'If a &lt;b then swap; x&lt;y &amp;&amp; y&gt;z' got
	grep -q '&lt;<a href="mailto:ann@uni.example">ann@uni.example</a>&gt;' got
	grep -qx 'A &amp; B A &amp; B</p>' got
	# the built-in layout, and one without layout.txt
	[[ $(part text week.txt) == *$'\nthe exam:\n  - pen\n  - ID\n'* ]]
	mkdir dir
	echo '{{> body}}{{optout_url}} {{postal_address}}' >dir/layout.html
	[[ $(part text --layout dir week.txt) == *'* pen'* ]]
	# long lines are wrapped, and --text goes before
	[[ $(part text --layout none --text-width 30 week.txt) == *$'If a <b then swap; x<y && y>z.\nMail'* ]]
	echo other >o.txt
	same other "$(part text --layout none --text o.txt week.txt)"
	[[ $(part html --layout none --format html week.txt) == Dear* ]]
	cp week.txt week.md
	[[ $(part html --layout none --format text week.md) == '<p>Dear A &amp; B,</p>'* ]]
	fails '--text-links: the text part of plain text is the file: week.txt' --text-links foot week.txt
	fails '--preheader: the text part of plain text is the file: week.txt' --preheader week.txt
	ends 0 --separate-stderr render --layout dir --text-links foot week.txt <one
	# two files with the same HTML are two contents
	content() {
		render --layout none --text-width 0 "$@" <one | jq -r .content
	}
	printf 'a\n\nb {{optout_url}} {{postal_address}}\n' >c1.txt
	printf 'a\n\n\nb {{optout_url}} {{postal_address}}\n' >c2.txt
	[ "$(content c1.txt)" != "$(content c2.txt)" ]
	# an error is told where it is in the text
	printf 'a\n\n\n  {{nofield}}\n' >e.txt
	BODY=e.txt lacks 'e.txt:4:3: field nofield is missing: no record of the run has it (1 record is refused)' ''
	printf 'a\n{{#x}}\n' >e.txt
	ends 2 render e.txt <one
	[[ $output == 'bm-render: e.txt:2:1: '* ]]
}

@test "front matter is refused, and the options that do the same are named" {
	local want='bm takes no recipients, senders or files from a body: remove it and use'
	for suffix in md txt html; do
		printf -- '---\ntitle: x\nfrom: y\nweek: 3\n---\n\nHi\n' >b.$suffix
		fails "b.$suffix:1: front matter (title, from, week): $want --subject, --from, --set week=VALUE" b.$suffix
	done
	printf 'TO: a@b.example\nSUBJECT: x\nATTACHMENT: y\n\nHi\n' >b.txt
	fails "b.txt:1: the header of a message (TO, SUBJECT, ATTACHMENT): $want bm-recipients --to, --subject, --attach" b.txt
}

@test "--hard-breaks keeps the line breaks of Markdown" {
	printf 'Best,\nThe staff\n' >b.md
	same $'Best, The staff' "$(part text --layout none b.md)"
	same $'Best,\nThe staff' "$(part text --layout none --hard-breaks b.md)"
	cp b.md b.txt
	same $'Best,\nThe staff' "$(part text --layout none --hard-breaks b.txt)"
	fails '--hard-breaks: week3.html is HTML, where <br> breaks a line' --hard-breaks week3.html
}

@test "--layout DIR, with and without layout.txt" {
	mkdir dir
	printf '<h1>{{course_title}}</h1>\n{{> body}}\n<a href="{{optout_url}}">Stop</a> {{postal_address}}' >dir/layout.html
	[[ $(part html --layout dir week3.html) == '<h1>Sorting</h1>'*'<p>Hello Ann Lee</p>'* ]]
	part text --layout dir week3.html >got
	same 'Sorting' "$(head -1 got)"
	printf 'TOP\n{{> body}}\nEND {{optout_url}} {{postal_address}}\n' >dir/layout.txt
	part text --layout dir week3.html >got
	same "TOP
Hello Ann Lee" "$(head -2 got)"
	echo 'no body' >dir/layout.txt
	fails 'dir/layout.txt has no {{> body}}' --layout dir week3.html
	echo 'no body' >dir/layout.html
	fails 'dir/layout.html has no {{> body}}' --layout dir week3.html
	run --separate-stderr render --layout nowhere week3.html <one
	[ "$status" -eq 2 ] && [[ $stderr == *nowhere/layout.html* ]]
}

@test "--partials DIR" {
	mkdir dir
	echo '<p>{{name}} signs</p>' >dir/sig.mustache
	echo '{{> sig}}' >b.html
	same '<p>Ann Lee signs</p>' "$(part html --layout none --partials dir b.html)"
	same 'Ann Lee signs' "$(part text --layout none --partials dir b.html)"
	echo '{{> other}}' >b.html
	run --separate-stderr render --partials dir b.html <one
	[ "$status" -eq 2 ] && [[ $stderr == *b.html:1:1*other* ]]
}

@test "--text FILE is taken as it is" {
	printf '{{name}} %s\n' "$(printf 'x%.0s ' {1..100})" >b.txt
	same "Ann Lee $(printf 'x%.0s ' {1..100})" "$(part text --layout none --text b.txt week3.html)"
}

@test "the text part: width, links, preheader" {
	printf '<div style="display:none">pre</div><p>%s <a href="https://e.example/">link</a></p>' \
		"$(printf 'word %.0s' {1..30})" >b.html
	same 40 "$(part text --layout none --text-width 40 b.html |
		awk '{ if (length > n) n = length } END { print n - n % 10 + 10 }')"
	same 1 "$(part text --layout none --text-width 0 b.html | wc -l)"
	[[ $(part text --layout none --text-links none b.html) != *e.example* ]]
	[[ $(part text --layout none --preheader b.html) == pre* ]]
	fails '--text-links x: no such choice' --text-links x b.html
}

@test "attachments: the same for all, and personal ones" {
	mkdir grades
	head -c 1000 /dev/urandom >'plan ü.pdf'
	echo 'A+' >grades/7.csv
	render --attach 'plan ü.pdf' --attach 'grades/{{user_id}}.csv' week3.html <one |
		jq -r .message >m.eml
	/usr/bin/python3 - <<-'END'
		import email, email.policy
		with open("m.eml", "rb") as f:
		    m = email.message_from_binary_file(f, policy=email.policy.default)
		kinds = [p.get_content_type() for p in m.walk()]
		assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain",
		                 "text/html", "application/pdf", "text/csv"], kinds
		plan, grades = m.iter_attachments()
		assert plan.get_filename() == "plan ü.pdf", plan.get_filename()
		with open("plan ü.pdf", "rb") as f:
		    assert plan.get_content() == f.read()
		assert grades.get_filename() == "7.csv" and grades.get_payload(decode=True) == b"A+\n"
	END
	cp grades/7.csv $'a\u202egpj.csv'
	render --attach $'a\u202egpj.csv' week3.html <one | jq -j .message >m.eml
	same 'text/csv agpj.csv -' "$(parts m.eml)"
	printf 'caf\xe9\n' >latin.txt
	render --attach latin.txt week3.html <one >m
	"$BATS_TEST_DIRNAME/mimelint" --records m
	jq -r .message m | grep '^Content-Type: application/octet-stream'
	refused 'the attachment grades/8.csv: cannot open: No such file or directory' 'user_id: 8' --attach 'grades/{{user_id}}.csv'
	refused 'the attachment grades/{{username}}.csv: a value has a '"'/' or \"..\"" \
		'username: "../keys"' --attach 'grades/{{username}}.csv'
	run --separate-stderr render --attach none.pdf week3.html <one
	[ "$status" -eq 2 ] && [[ $stderr == *none.pdf* ]]
}

@test "--inline: every spelling of a picture, one part and one id a file" {
	mkdir img
	picture a.png 1
	picture img/b 2
	picture 'my logo.png' 3
	cp a.png 'é & 50%.jpg'
	cat >b.html <<-'END'
		<style>h1 { background: url("a.png") }</style>
		<img src="a.png" alt="a" srcset="./a.png 1x, img/b 2x"><IMG alt=b src=img/../a.png>
		<picture><source srcset="img/b"><img alt=c src="my%20logo.png"></picture>
		<table background="my logo.png" style="background: url('a.png')"><tr><td>x</table>
		<img alt=d src="%C3%A9%20&amp;%2050%25.jpg">
		<img src="https://e.example/x.png" alt="c"><!-- <img src="no.png"> -->
	END
	render --inline b.html <one | jq -j .message >m.eml
	same $'image/png a.png 6\nimage/png b 2\nimage/png my logo.png 2' "$(parts m.eml)"
	same multipart/related "$(grep -o 'multipart/related' m.eml)"
	printf '![a](<é & 50%%25.jpg>)' >b.md
	render --inline b.md <one | jq -j .message >m.eml
	same 'image/png é & 50%.jpg 1' "$(parts m.eml)"
	# without --inline nothing is read
	ends 0 --separate-stderr render b.md <one
	same '' "$(jq -j .message <<<"$output" | grep 'Content-ID')"
}

@test "--inline reads pictures beneath the body's folder, and nothing else" {
	mkdir -p course/in secret
	echo hunter2 >secret/password
	picture secret/s.png 1
	picture course/p.png 2
	ln -s ../secret/s.png course/out.png
	ln -s p.png course/link.png
	ln -s ../secret course/dir
	mkfifo course/pipe.png
	: >course/empty.png
	echo hunter2 >course/text.png
	img() {
		printf '<p>\n<img alt=x src="%s">' "$1" >course/b.html
	}
	for path in ../secret/s.png %2e%2e/secret/s.png ..%2fsecret/s.png '&#46;./secret/s.png' \
		in/../../secret/s.png out.png dir/s.png "%2f${PWD#/}/secret/s.png"; do
		img "$path"
		ends 2 --separate-stderr render --inline course/b.html <one
		[ -z "$output" ]
		[[ $stderr == 'bm-render: course/b.html:2: '*': leads out of the folder course/' ]]
	done
	while read -r path reason; do
		img "$path"
		ends 2 --separate-stderr render --inline course/b.html <one
		same "bm-render: course/b.html:2: $path: $reason" "$stderr"
	done <<-'END'
		none.png cannot open: No such file or directory
		pipe.png not a file
		in not a file
		empty.png the file is empty
		text.png not a picture, by its content
	END
	img a%00b.png
	fails "course/b.html:2: a%00b.png: a file's name has no NUL" --inline course/b.html
	img link.png
	ends 0 --separate-stderr render --inline course/b.html <one
	cd course
	printf '<img alt=x src="p.png">' >b.html
	ends 0 --separate-stderr render --inline b.html <../one
	# a kernel without openat2(2), or a sandbox that forbids it
	for error in ENOSYS EPERM; do
		status=0
		strace -o /dev/null -e trace=openat2 -e inject=openat2:error=$error \
			bm-render --id w --subject S --inline b.html <../one 2>err || status=$?
		same 2 "$status"
		same "bm-render: b.html:1: p.png: this kernel cannot keep files beneath a folder (openat2, Linux 5.6)" "$(cat err)"
	done
}

@test "pictures in data: addresses, and attachments shown as cid:NAME" {
	local data
	picture a.png 1
	picture b.png 2
	data="data:image/png;base64,$(base64 -w 0 a.png)"
	mkdir dir parts
	echo "<img alt=l src='$data'>{{> body}}{{> sig}}{{optout_url}}{{postal_address}}" >dir/layout.html
	echo "<img alt=p src=\"$data\">" >parts/sig.mustache
	echo "<img alt=1 src='$data'><p style='background: url(\"$data\")'><img alt=2 src='cid:b.png'>" >b.html
	render --layout dir --partials parts --attach b.png b.html <one | jq -j .message >m.eml
	same $'image/png image1.png 4\nimage/png b.png 1' "$(parts m.eml)"
	ends 1 grep -c data: m.eml
	printf '<p>\n<img alt="" src="DATA:image/png;base64,AA">' >b.html
	fails 'b.html:2: an image in a data: address: its bytes are no picture' b.html
	echo '<img src="data:,">{{> body}}{{optout_url}}{{postal_address}}' >dir/layout.html
	fails 'dir/layout.html:1: an image in a data: address: its bytes are no picture' --layout dir week3.html
	# the picture of each recipient
	mkdir charts
	picture charts/7.png 7
	echo "<img alt=chart src='cid:{{user_id}}.png'>" >b.html
	render --attach 'charts/{{user_id}}.png' b.html <one | jq -j .message >m.eml
	same 'image/png 7.png 1' "$(parts m.eml)"
	mkdir -p own/7
	mv charts/7.png own/7/chart.png
	echo "<img alt=chart src='cid:chart.png'>" >b.html
	render --attach 'own/{{user_id}}/chart.png' b.html <one | jq -j .message >m.eml
	same 'image/png chart.png 1' "$(parts m.eml)"
	mkdir own/8
	echo no >own/8/chart.png
	BODY=b.html refused 'chart.png: not a picture, by its content' 'user_id: 8' --attach 'own/{{user_id}}/chart.png'
}

@test "an invitation is an alternative part, with the method in its type" {
	printf 'BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VEVENT\nSUMMARY:Ü\nEND:VEVENT\nEND:VCALENDAR\n' >i.ics
	render --attach i.ics week3.html <one | jq -j .message >m.eml
	same $'text/calendar None -\napplication/ics i.ics -' "$(parts m.eml)"
	grep -q '^Content-Type: text/calendar; charset=utf-8; method=REQUEST' m.eml
	"$BATS_TEST_DIRNAME/mimelint" m.eml
	sed s/REQUEST/CANCEL/ i.ics >j.ics
	render --attach i.ics --attach j.ics week3.html <one | jq -j .message >m.eml
	same $'text/calendar None -\napplication/ics i.ics -\napplication/ics j.ics -' "$(parts m.eml)"
	same '' "$(grep method=CANCEL m.eml)"
	sed -i /METHOD/d i.ics
	render --attach i.ics week3.html <one | jq -j .message >m.eml
	same 'text/calendar i.ics -' "$(parts m.eml)"
	ends 1 grep -c method= m.eml
}

@test "the pipeline after --expires: the rest is skipped, and it ends with 0" {
	export BM_DB=$PWD/bm.db
	echo email >r.csv
	bm-import --create --course course-v1:UniX+CS101+2026 r.csv 2>/dev/null
	record 'email: "bob@uni.example"' >two
	pipeline() {
		SOURCE_DATE_EPOCH='' render --expires "$1" week3.html |
			bm-send --maildir M
	}
	soon=$(date -u -d '1 hour' +%FT%TZ)
	pipeline "$soon" <one >/dev/null
	set -o pipefail
	ends 0 --separate-stderr pipeline 2020-01-01 <<<"$(cat one two)"
	same "skipped duplicate skipped expired" \
		"$(jq -r '.status, .class' <<<"$output" | xargs)"
	ends 0 bm-report --id week3 --total 2 --status
	ends 0 --separate-stderr bm-send --maildir M --retry expired \
		<<<"$(render --expires "$soon" week3.html <two)"
	same "sent ok" "$(jq -r '.status, .class' <<<"$output" | xargs)"
}

@test "a field that is empty has no value: refused, but in a section" {
	echo '<p>{{^x}}none{{/x}}{{#x}}{{x}}{{/x}}' >b.html
	same '<p>none' "$(record 'x: ""' | render --part html --layout none b.html)"
	for name in name username x; do
		echo "<p>Your $name is {{$name}}" >b.html
		BODY=b.html lacks "stdin:1: a*: b.html:1:$((13 + ${#name})): field $name is empty" \
			"$name: \"\""
		echo "{{{$name}}}" >b.html
		BODY=b.html lacks "stdin:1: a*: b.html:1:1: field $name is empty" "$name: \"\""
		record "$name: \"\"" >bad
		ends 0 render --missing empty b.html <bad
		ends 1 bm-render --id a --subject "S {{$name}}" week3.html <bad
		[[ $output == *":1:"*": field $name is empty"$'\n'* ]]
	done
}

# people N [MEMBERS]: records of N people, every fourth of whom has no name.
people() {
	jq -nc --argjson n "$1" 'range(1; $n + 1) | {user_id: "\(.)",
		username: "u\(.)", email: "u\(.)@uni.example",
		course_id: "c1"} + if . % 4 == 0 then {} else {name: "N\(.)"} end'
}

@test "a person without a value is named with what can be done, three times" {
	echo '{{name}}' >b.md
	people 40 >in
	run --separate-stderr render --rejects bad b.md <in
	same 1 "$status"
	same 30 "$(wc -l <<<"$output")"
	same "bm-render: stdin:4: u4 <u4@uni.example>: b.md:1:1: field name is missing
bm-render: a value for such people: --default name=TEXT; none: --missing empty, or {{#name}}...{{name}}...{{/name}} in the template
bm-render: stdin:8: u8 <u8@uni.example>: b.md:1:1: field name is missing
bm-render: stdin:12: u12 <u12@uni.example>: b.md:1:1: field name is missing
bm-render: 7 more records lack name: --rejects FILE names them all" "$stderr"
	same "$(seq 4 4 40 | sed 's/.*/u&@uni.example b.md:1:1: field name is missing/')" \
		"$(jq -r '"\(.email) \(.reason)"' bad)"
	# Each of the remedies is one.
	for args in "--default name=learner" "--missing empty"; do
		# shellcheck disable=SC2086 # two words
		run --separate-stderr render $args b.md <in
		same "0 40 " "$status $(wc -l <<<"$output") $stderr"
	done
	echo 'Hi{{#name}} {{name}}{{/name}}' >c.md
	ends 0 render c.md <in
	# Without a user name the id is given, or the address alone.
	jq -c 'del(.username)' in >out
	ends 1 render b.md <out
	grep -q 'stdin:4: u4@uni.example (user 4): b.md' <<<"$output"
	jq -c 'del(.username, .user_id)' in >out
	ends 1 render b.md <out
	grep -q 'stdin:4: u4@uni.example: b.md' <<<"$output"
	# --lint and --preview tell the same.
	ends 1 render --lint b.md <in
	same 3 "$(grep -c 'stdin:.*u[0-9]* <' <<<"$output")"
}

@test "a tag that no record has is one error, and a near name is offered" {
	people 40 >in
	for tag in nmae:name usrname:username user_di:user_id pfoto:photo \
		course_titel:course_title; do
		echo "{{${tag%:*}}}" >b.md
		run --separate-stderr render --set photo=x --rejects bad b.md <in
		same 1 "$status"
		same "bm-render: b.md:1:1: field ${tag%:*} is missing: no record of the run has it; did you mean ${tag#*:}? (40 records are refused)" "$stderr"
		same 40 "$(wc -l <bad)"
	done
	# A name that is near to no other; one that only a later record has.
	echo '{{qqqqqqqq}}' >b.md
	ends 1 render b.md <in
	same 2 "$(wc -l <<<"$output")"
	(cat in && jq -c '.qqqqqqqq = 1' in) >late
	run --separate-stderr render b.md <late
	same "1 40" "$status $(wc -l <<<"$output")"
	same 5 "$(wc -l <<<"$stderr")"
	[[ $stderr == *"stdin:1: u1 <"*"bm-render: 37 more records lack qqqqqqqq: "* ]]
	# The items of a list have names of their own.
	echo '{{#items}}{{title}}{{/items}}' >b.md
	jq -c '.items = [{title: "a"}, {}]' in >list
	ends 1 render b.md <list
	grep -q 'stdin:1: u1 <u1@uni.example>: b.md:1:11: field title' <<<"$output"
	grep -q '37 more records lack title' <<<"$output"
}

@test "--default: where absent, null or empty, in every part; the content counts" {
	printf 'Hi {{name}}, {{#name}}{{city}}{{/name}}\n' >b.md
	for name in absent null '""'; do
		if [ "$name" = absent ]; then
			jq -c 'del(.name)' one
		else
			jq -c ".name = $name" one
		fi | render --default name=learner --default city=Bonn \
			--header 'X-A: {{name}}' --part message b.md >m
		grep -q '^X-A: learner' m
		same 2 "$(grep -c 'Hi learner, Bonn' m)"
	done
	record 'name: "Ada", city: 0' | render --default name=learner \
		--default city=Bonn --part text --layout none b.md >m
	same "Hi Ada, 0" "$(cat m)"
	jq -c '.city = 1' one >full
	render b.md <full | jq -r .content >a
	render --default name=x b.md <full | jq -r .content >b
	render --default name=y b.md <full | jq -r .content >c
	same 3 "$(sort -u a b c | wc -l)"
	render --default name=x --default u=z b.md <full | jq -r .content >a
	render --default u=z --default name=x b.md <full | jq -r .content | same "$(cat a)" "$(cat)"
	fails "--default x: not NAME=VALUE" --default x b.md
	fails "--default name: given twice" --default name=a --default name=b b.md
	fails "--default dir: no field of that name can be set" --default dir=a b.md
	fails "--default a.b: a field within another has no default; a section may guard it" --default a.b=c b.md
	fails "--default name: --set gives every record a value" --set name=a --default name=b b.md
	fails "--default name: an empty text is no value; --missing empty leaves fields out" --default name= b.md
}

@test "no member of a record hides a field that is worked out" {
	for name in email_id from_address reason dir subject optout_url \
		postal_address platform_name; do
		echo "[{{$name}}]" >b.html
		for args in "--part html" "--part text"; do
			# shellcheck disable=SC2086 # two words
			record "$name: \"HIDDEN\"" | render $args --layout none \
				--from me@uni.example b.html >shown
			run ! grep HIDDEN shown
			grep '\[..*\]' shown
		done
	done
	echo '[{{from_address}}]' >b.html
	same '[me@uni.example]' \
		"$(part html --layout none --from me@uni.example b.html)"
	unset DEFAULT_BULK_FROM_EMAIL
	record 'from_address: "x"' >bad
	ends 1 render --part html --layout none b.html <bad
	[[ $output == *"field from_address is missing"* ]]
}

@test "--max-size, --expires" {
	refused "the message has $(part message week3.html | wc -c) bytes, 1024 allowed" '' --max-size 1k
	same 2030-01-01T00:00:00.000Z "$(render --expires 2030-01-01T00:00:00Z week3.html <one | jq -r .expires)"
	run --separate-stderr render --expires 2020-01-01 week3.html <one
	[ "$status" -eq 0 ]
	same 'bm-render: --expires: 2020-01-01 is past: bm-send skips every message' "$stderr"
	same 2020-01-01T00:00:00.000Z "$(jq -r .expires <<<"$output")"
	run --separate-stderr render --expires soon week3.html <one
	[ "$status" -eq 2 ]
}

@test "international addresses: A-labels in the header, local part as it is" {
	record 'email: "li@bücher.example"' >one
	same 'To: "Ann Lee" <li@xn--bcher-kva.example>' "$(header To week3.html)"
	record 'email: "jörg@uni.example"' >one
	same 'To: "Ann Lee" <jörg@uni.example>' "$(header To week3.html)"
}

@test "a body with boundary, dots, From, long lines and odd line ends" {
	{
		printf -- '--=_x\n.\n..\nFrom me\n-- \n<pre>'
		printf 'long%.0s' {1..3000}
		printf '</pre>\r\nCRLF\r\nCR\rLF\n</p>'
	} >b.html
	part html --layout none b.html >want
	render b.html <one >m
	"$BATS_TEST_DIRNAME/mimelint" --records m
	jq -j .message m >m.eml
	/usr/bin/python3 - <<-'END'
		import email, email.policy
		with open("m.eml", "rb") as f:
		    m = email.message_from_binary_file(f, policy=email.policy.default)
		html = list(m.walk())[2].get_payload(decode=True)
		with open("want", "rb") as f:
		    want = f.read().replace(b"\r\n", b"\n").replace(b"\r", b"\n")
		assert want in html.replace(b"\r\n", b"\n")
	END
}

@test "a body of 5 MB has its text, whatever it is made of" {
	yes '<p>{{name}} paragraph <b>of</b> a body</p>' | head -n 120000 >p.html
	yes $'{{name}} paragraph **of** a body\n' | head -n 120000 >p.md
	# more tags than there are private characters to stand for them
	yes '<p>{{name}} {{name}}</p>' | head -n 70000 >t.html
	[ "$(stat -c %s p.html)" -gt 5000000 ]
	same 120000 "$(part text --layout none p.html | grep -cx 'Ann Lee paragraph of a body')"
	same 60000 "$(part text --layout none p.md | grep -cx 'Ann Lee paragraph of a body')"
	same 70000 "$(part text --layout none t.html | grep -cx 'Ann Lee Ann Lee')"
	head -c 17M /dev/zero | tr '\0' x >b.html
	fails "b.html: larger than 16777216 bytes" b.html
}

@test "the built-in layout's messages pass the byte-level lint" {
	{
		record
		record 'name: "李小龙 👨‍👩‍👧", course_title: "Größe & Maß"'
		record 'name: "محمد", language: "ar", course_url: "https://uni.example/c"'
	} | render --subject 'x {{name}}' week3.html >m 2>err || true
	bm-render --id w --subject 'Hello {{name}}, welcome to {{course_title}} in all its glory and more' week3.html <one >m
	run "$BATS_TEST_DIRNAME/mimelint" --records --tags m
	same '' && [ "$status" -eq 0 ]
}

@test "--lint: each finding with file and line, status, no records" {
	cat >b.html <<-'END'
		<html><body><p style="font-size: 10px">x {{name}} %%FOO%%</p>
		<img src="http://x.example/a.png">
		<a href="javascript:x()">click <b>here</b></a> <a href="http://x.example">The plan</a>
		<script>a<b</script> <form></form>
		<div onclick="x()" style="display:none">secret</div> *|X|* <a href="#">Top</a>
		<!-- <img src="no.png"> -->
		<style>p { color: red }</style>
		<style>
		@import "x.css";</style>
	END
	run bm-render --id w --subject 'Re: HELLO WORLD' --lint b.html <one
	[ "$status" -eq 2 ]
	same 'b.html:1: html without lang
b.html:1: text smaller than 14 px
b.html:2: an image without alt
b.html:2: an image that is http, not https
b.html:3: a javascript link
b.html:3: the text of a link does not say where it leads
b.html:3: a link that is http, not https
b.html:4: an element that mail programs drop
b.html:5: hidden text: providers take it for a trick
b.html:5: a script in an attribute
b.html:5: error: a link that leads nowhere: #
b.html:8: a style sheet from outside: mail programs drop it
b.html:1: error: a tag that nothing replaces: %%FOO%%
b.html:5: error: a tag that nothing replaces: *|X|*
stdin:1: a subject that pretends to be an answer'
}

@test "--lint: the examples of the manual" {
	ends 0 /usr/bin/python3 "$ROOT/tests/lint_table.py" "$ROOT/man/bm-render.1"
	# A page with a wrong example is found out.
	sed 's/^bad:  subject: Re: .*/bad:  subject: Hello/' "$ROOT/man/bm-render.1" >page
	ends 1 /usr/bin/python3 "$ROOT/tests/lint_table.py" page
}

# finds STATUS TEXT HTML: --lint of the HTML prints the text, or nothing
finds() {
	printf '%s\n' "$3" >b.html
	run render --lint b.html <one
	[ "$status" -eq "$1" ] && [[ $output == *"$2"* ]] && return
	echo "$3: status $status: $output"
	return 1
}

@test "--lint: tags in the spelling of many systems and editors" {
	local tag href

	for tag in '{<span class=SpellE>{name</span>}}' '{<b>{name}</b>}' \
		'&#123;&#123;name&#125;&#125;' '&lcub;&lcub;name}}' '}}' '{name}' \
		'{first_name}' '[[name]]' '«Name»' '« First Name »' '{% if x %}' \
		'&lt;&lt;Name&gt;&gt;' '<<Name>>' '&lt;%= x %&gt;' '<%= x %>' \
		'%recipient.name%' '%%FOO%%' '%<i>%FO</i>O%%' '*|FNAME|*' '${x}' \
		'{!Contact.Name}' '{$name}' '#{name}' '[%name%]'; do
		finds 2 'b.html:1: error: a tag that nothing replaces: ' "<p>$tag, x</p>"
	done
	for href in '%7B%7Btoken%7D%7D' '&#123;&#123;t}}' '*|T|*' '%%FOO%%'; do
		finds 2 ': error: a tag that nothing replaces: ' \
			"<a href=\"https://uni.example/?u=$href\">The plan</a>"
	done
	for tag in '{{name}}' '«Gut»' '« oui »' '{apple}' '100% of 5%' 'f(x){y}' '[x]' \
		'<code>{{=<% %>=}}{name}</code>' '<pre>{name} ${HOME}</pre>' '$5' '%20' \
		'%%USER_ID%%' '{1, 2}' 'a &lt;&lt; b' '{{! {name} }}'; do
		finds 0 '' "<p>$tag, x</p>"
	done
}

@test "--lint: text that is read as a tag" {
	local text

	for text in '<ann@uni.example>' '<Name>' '<your name here>' '<first-name>' \
		'<https://uni.example/>' '<mailto:ann@uni.example>' 'if a <b then swap' \
		'x<y && y>z' '<i=0; i<n>' 'p<s and q>r' '<p value < 0.05>' '</3 Monday>' \
		'<?= $name ?>' '<!note>' '<Montag, 9 Uhr>' '<NAME/>' '<svg></svg><rect>'; do
		printf '\n<p>Dear %s</p>' "$text" >b.html
		run render --lint b.html <one
		[ "$status" -eq 2 ]
		[[ $output == *'b.html:2: error: text that is read as a tag, which no reader sees: <'* ]] ||
			{ echo "$text: $output" && false; }
	done
	for text in 'a < b' '3<4' '&lt;Name>' '<!doctype html>' '<o:p>x</o:p>' \
		'<st1:place w:st="on">x</st1:place>' '<x-card>x</x-card>' '<x-card a="b">' \
		'<svg><rect/><g></g></svg>' '<math><mi>x</mi></math>' '<td nowrap>' \
		'<![if !mso]><b>x</b><![endif]>' '<!-- <Name> -->' '<ol reversed>' \
		'<b {{#name}}class="x"{{/name}}>x</b>' '<code>&lt;T&gt;</code>' '<A\tHREF>' \
		'<b data-x aria-hidden xml:lang>' '<?xml version="1.0"?>' '<br/>'; do
		printf '<p>Dear %b</p>' "$text" >b.html
		run render --lint b.html <one
		[[ $output != *'read as a tag'* ]] ||
			{ echo "$text: $output" && false; }
	done
	# A missing end quote is its own finding, and said once.
	echo '<p><a href="https://x.org/>The plan</a></p><p><a href="https://y.org/">b</a>' >b.html
	run render --lint b.html <one
	same 'b.html:1: error: an attribute without its end quote takes in the text behind it: href' "$output"
	# All elements that html-validate knows, whose content is not raw text.
	node -p 'Object.keys(require(process.argv[1]).bundledElements.html5)
		.filter(n => /^[a-z0-9]+$/.test(n) && !/^(script|style|title|textarea|xmp|iframe|noembed|noframes|plaintext)$/.test(n))
		.map(n => `<${n}>x</${n}>`).join("\n")' \
		"$ROOT/build/node/node_modules/html-validate/dist/cjs/elements.js" >b.html
	[ "$(wc -l <b.html)" -gt 100 ]
	run render --lint b.html <one
	[[ $output != *'read as a tag'* ]]
	# Markdown has addresses of its own in brackets, and plain text no tags.
	printf 'Mail <ann@uni.example> or <https://uni.example/>.\n\nDear <Name>\n' >b.md
	run render --lint b.md <one
	same 'b.md:3: error: text that is read as a tag, which no reader sees: <Name>' "$output"
	ends 0 render --lint --format text b.md <one
}

@test "--lint: styles that Gmail and Outlook do not know, in sheets, too" {
	local style name text='a style that Gmail and Outlook do not know'

	# PLACE|NAME: by the tables of caniemail.com, "n" for both.
	while IFS='|' read -r style name; do
		printf '<style>\np { color: red }\n%s\n</style><p>x</p>' "$style" >b.html
		run render --lint --layout none b.html <one
		[[ $output == *"b.html:3: $text: $name"* ]] || { echo "$style: $output" && false; }
	done <<-'END'
		a { position: absolute }|position
		a { top: 0; POSITION:fixed; }|position
		@media (max-width: 600px) { a { margin: 0; z-index: 3 } }|z-index
		a{color:red;transform:rotate(3deg)}|transform
		a { back/**/ground: red; /* ; */ filter: blur(2px) }|filter
		a { content: "};"; clip-path: circle() }|clip-path
		a { display: inline-grid }|display: grid
		a { color: var(--ink, red) }|var()
		@supports (color: red) { a { color: red } }|@supports
		@keyframes x { from { left: 0 } }|@keyframes
		a::after { content: "x" }|:after
		p a:before{content:"x"}|:before
		input:checked ~ a { color: red }|:checked
		p:has(a) { color: red }|:has(
		a { background: url(a;b{c}.png); inset: 3px }|inset
	END
	while IFS= read -r style; do
		printf '<style>\n%s\n</style><p>x</p>' "$style" >b.html
		run render --lint --layout none b.html <one
		[[ $output != *"$text"* ]] || { echo "$style: $output" && false; }
	done <<-'END'
		a { position: static; z-index: auto; filter: none }
		/* a { position: absolute } */ a { color: red }
		a { content: "position: absolute; z-index: 3" }
		@media (max-width: 600px) { .after { margin: 0 } }
		@media (prefers-color-scheme: dark) { a { color: #fff } }
		@font-face { font-family: x; src: url("https://uni.example/:after") }
		a:hover, a:link { color: red } .position { color: red }
	END
	# In a script that is no style, and in attributes as before.
	echo '<script>a { position: absolute }</script>' >b.html
	run render --lint --layout none b.html <one
	[[ $output != *"$text"* ]]
	finds 1 "b.html:1: $text: position" '<p style="position: absolute">x</p>'
	finds 1 "b.html:1: $text: var()" '<p style="color: var(--x)">x</p>'
	# Markdown, whose sheets stand between its paragraphs.
	printf 'x\n\n<style>\np { color: red }\na { z-index: 7 }\n</style>\n\ny\n' >b.md
	run render --lint b.md <one
	same "b.md:5: $text: z-index" "$output"
}

@test "--lint: links and pictures that are dead in a mailbox" {
	local href

	for href in /courses/x week3.html //x.org www.x.org '#top' \
		file:///C:/a.docx 'C:\a.docx' htps://x 'https://x.org/a b' \
		https://https://.. https://localhost:18010/.. '' '#' https:/x.org \
		https:// https://x http://10.0.0.1/ mailto:x https://x..org/ \
		https://x.org:y/; do
		finds 2 'b.html:1: error: ' "<a href=\"$href\">The plan</a>"
	done
	for href in /static/a.png a.png file:///a.png cid:image001.png@01D; do
		finds 2 ': error: ' "<img alt=x src=\"$href\">"
	done
	finds 2 ': error: ' '<table background="a.png"><tr><td>x</table>'
	finds 2 ': error: ' '<img alt="" src="https://x.org/a" srcset="https://x.org/a 1x, b.png 2x">'
	for href in https://x.org 'https://x.org:80/a?b=c#d' 'mailto:{{email}}' \
		'https://{{username}}.x.org/' tel:+1 https://münchen.example/ \
		'https://x.org/?u={{ name }}' HTTPS://X.ORG/ 'https://[2001:db8::1]/'; do
		finds 0 '' "<a href=\"$href\">The plan</a>"
	done
}

@test "--base-url: relative links and pictures become absolute, in both parts" {
	cat >b.html <<-'END'
		<p><a href="notes?a=b&amp;c">Notes</a> <a href='/x/../y#z'>Root</a> <a href=//x.org/a>Host</a>
		<a href="#top" id="top">Top</a> <a href="https://x.org/">Web</a> <a href="mailto:{{email}}">Mail</a>
		<img alt=P src="../p.png"> <a href="?q">Query</a></p>
	END
	local want='<p><a href="https://uni.example/c/notes?a=b&amp;c">Notes</a> <a href='"'https://uni.example/y#z'"'>Root</a> <a href=https://x.org/a>Host</a>
<a href="#top" id="top">Top</a> <a href="https://x.org/">Web</a> <a href="mailto:ann@uni.example">Mail</a>
<img alt=P src="https://uni.example/p.png"> <a href="https://uni.example/c/d?q">Query</a></p>'
	same "$want" "$(part html --layout none --base-url https://uni.example/c/d b.html)"
	record 'course_url: "https://uni.example/c/d"' >two
	same "$want" "$(render --part html --layout none b.html <two)"
	[[ $(render --part text --layout none b.html <two) == *'<https://uni.example/c/notes?a=b&c>'* ]]
	render --part message b.html <two >m
	grep -q 'uni.example/p.png' m
	# Many records, of which the later ones are known markup.
	for n in 1 2 3; do record "user_id: $n, course_url: \"https://uni.example/c/d\""; done >many
	same 3 "$(render --part message b.html <many | tr -d '\r' | grep -c 'uni.example/c/notes?a=3Db&amp;c\|uni.example/c/notes?a=b&amp;c')"
	# No base: nothing changes, and lint finds them.
	same "$(sed 's/{{email}}/ann@uni.example/' b.html)" "$(part html --layout none b.html)"
	finds 2 'is dead in a mailbox: notes' "$(cat b.html)"
	ends 0 render --lint --base-url https://uni.example/ b.html <one
	ends 0 render --lint b.html <two
	fails '--base-url x: not https:// or http://' --base-url x week3.html
}

@test "--lint: the lines of Markdown, of the layout and of partials" {
	printf '# T\n\n\nSome [here](http://x.example/a)\n\n%%%%USER_ID%%%% %%%%FOO%%%%\n\n- <img src="https://uni.example/a.png">\n- [more](http://x.example/a)\n' >b.md
	mkdir lay dir
	printf '{{> body}}\n<img src="https://uni.example/x">{{optout_url}}{{postal_address}}' >lay/layout.html
	printf '\n\n<a href="#">x</a>' >dir/sig.mustache
	run render --lint --layout lay --partials dir b.md <one
	[ "$status" -eq 2 ]
	same 'b.md:4: a link that is http, not https
b.md:4: the text of a link does not say where it leads
b.md:8: an image without alt
b.md:9: a link that is http, not https
b.md:9: the text of a link does not say where it leads
b.md:6: error: a tag that nothing replaces: %%FOO%%
lay/layout.html:2: an image without alt
dir/sig.mustache:3: error: a link that leads nowhere: #'
	printf '\n\n![x](none.png)\n' >b.md
	fails 'b.md:3: none.png: cannot open: No such file or directory' --inline b.md
	echo '<p>%%USER_ID%%</p>' >b.html
	ends 0 render --lint b.html <one
}

@test "--lint: the name of the sender" {
	run render --lint --from '"a@b.example" <a@uni.example>' week3.html <one
	same "stdin:1: the sender's name has an address in it"
	record 'course_title: "Chemistry 🧪"' >one
	run render --lint week3.html <one
	[ "$status" -eq 1 ]
	same "stdin:1: the sender's name has a picture in it"
}

@test "--lint: large HTML, long subject, no footer; nothing is found in good mail" {
	ends 0 render --lint week3.html <one
	[ -z "$output" ]
	/usr/bin/python3 -c 'print("<p>" + "word " * 17000 + "</p>")' >b.html
	echo x >b.txt
	run bm-render --id w --subject "$(printf 'word %.0s' {1..20})" --lint --layout none --text b.txt b.html <one
	[ "$status" -eq 2 ]
	same 'stdin:1: HTML of more than 80 KB: Gmail cuts it at 100 KB, with the opt-out link
stdin:1: a subject of more than 70 characters
stdin:1: error: the HTML part lacks the opt-out link or the postal address
stdin:1: error: the text part lacks the opt-out link or the postal address'
}

@test "nothing is fetched, whatever the HTML asks for" {
	cat >b.html <<-'END'
		<!DOCTYPE html [<!ENTITY x SYSTEM "http://127.0.0.1:9/x">]>
		<link rel=stylesheet href="http://127.0.0.1:9/a.css">
		<base href="http://127.0.0.1:9/"><?xml-stylesheet href="http://127.0.0.1:9/b.css"?>
		<style>@import "http://127.0.0.1:9/c.css";</style>
		<img src="http://127.0.0.1:9/a.png" alt=a>&x;<iframe src="//127.0.0.1:9/"></iframe>
		<p>{{name}}</p>
	END
	strace -f -e trace=%network -o calls \
		bm-render --id w --subject h --inline b.html <one >m
	[ -s m ]
	strace -f -e trace=%network -o more \
		bm-render --id w --subject h --inline --preview p.html b.html <one
	[ -s p.html ] && [ -s calls ] && [ -s more ]
	run ! grep -E 'socket|connect' calls more
	# The trace would show it.
	strace -f -e trace=%network -o seen bash -c ': </dev/tcp/127.0.0.1/9' || true
	grep -q connect seen
}

@test "--preview: one page with samples, findings, and nothing from outside" {
	picture a.png 1
	printf '<img src="a.png"><p>Hello {{name}}</p>' >b.html
	for name in Ann Bo Cy; do record "name: \"$name <x>\", email: \"$name@uni.example\""; done >many
	run render --inline --preview p.html --sample 2 b.html <many
	[ "$status" -eq 0 ] && [ -z "$output" ]
	same 2 "$(grep -c '<section>' p.html)"
	same 8 "$(grep -c '<iframe ' p.html)"
	grep -q 'Ann@uni.example' p.html
	run ! grep -q 'Cy@uni.example' p.html
	grep -q 'b.html:1: an image without alt' p.html
	grep -q "data:image/png;base64,$(base64 -w 0 a.png)" p.html
	run ! grep -Eq '<(script|link)|src="http|@import' p.html
	grep -q "default-src 'none'" p.html
	# Its links are those of a test message.
	tokens() { tr -d '\r' | grep -o 'optout?t=[A-Za-z0-9_-]*' | sort -u; }
	render --preview o.html --sample 1 b.html <one
	run ! diff <(render --part text b.html <one | tokens) <(tokens <o.html)
	diff <(render --part text --test-links b.html <one | tokens) \
		<(tokens <o.html)
	run --separate-stderr render --preview /nowhere/p.html b.html <one
	[ "$status" -eq 2 ]
	same 'bm-render: /nowhere/p.html: cannot open: No such file or directory' "$stderr"
}

@test "--attach takes regular files only: a pipe is not waited for" {
	mkfifo pipe
	mkdir folder
	for file in pipe folder /dev/null; do
		ends 2 timeout 10 bm-render --id w --subject S --attach "$file" week3.html <one
		same "bm-render: $file: is not a regular file"
	done
	ends 1 timeout 10 bm-render --id w --subject S --attach '{{username}}' week3.html \
		<<<"$(record 'username: "pipe"')"
	[[ $output == *'the attachment pipe: is not a regular file' ]]
}

# writers FOLDER: everything that writes people into files, there.
writers() {
	render --preview "$1/preview" week3.html <one
	jq -c '. + {email: "no"}' one | render --rejects "$1/rejects" week3.html 2>/dev/null || true
	render week3.html <one >messages
	bm-batch --dir "$1/spool" --write-plan "$1/plan" messages >/dev/null
	bm-optout init --db "$1/db" 2>/dev/null
	bm-send --db "$1/db" --maildir "$1/mail" "$1"/spool/*.ndjson >/dev/null
	bm-report --db "$1/db" --id week3 --html "$1/page"
}

@test "what is written with people in it is not for others, and the umask counts" {
	for mask in 000 022 077; do
		mkdir "$mask"
		(umask "$mask" && writers "$mask")
		run -0 find "$mask" -type f ! -name 'db*' ! -path '*/mail/*' -printf '%m\n'
		# The plan's keys are for the owner alone, always.
		case $mask in 077) wanted=600 ;; *) wanted='600 640' ;; esac
		same "$wanted" "$(sort -u <<<"$output" | paste -sd ' ')"
		same '600' "$(find "$mask/mail" -type f -printf '%m\n' | sort -u)"
		same '700' "$(find "$mask/mail" -type d -printf '%m\n' | sort -u)"
	done
}
