# The footer of every message is seen: bodies that harm it, in the built-in
# layout, in a browser and by html5lib.
# shellcheck disable=SC2154 # bats sets them
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	bm-optout keygen --key-file key 2>/dev/null
	export BM_KEY_FILE=$PWD/key BM_OPTOUT_URL=https://out.example/o \
		BM_POSTAL_ADDRESS='1 College Road, Town' \
		DEFAULT_BULK_FROM_EMAIL=courses@unix.example
	jq -nc '{email: "ann@unix.example", name: "Ann", why: "learner",
		course_id: "c", course_title: "T"}' >ann
}

# render_all: the message of each body, or what is said of it.
render_all() {
	local body

	for body in body-*.html; do
		bm-render --id t --subject S --part message "$body" <ann \
			>"$body.out" 2>"$body.err" || rm "$body.out"
	done
}

@test "200 bodies: what is accepted shows the footer, else the place is named" {
	/usr/bin/python3 "$ROOT/tests/footer/bodies.py" .
	render_all
	ends 0 timeout 100 /usr/bin/python3 "$ROOT/tests/judges/footer.py" .
	[[ ${lines[-1]} == *' bodies, '*' shown, 0 bad' ]]
}

@test "what html5lib makes of random bodies" {
	ends 0 /usr/bin/python3 "$ROOT/tests/footer/html5.py" \
		"${BM_BUILD:-$ROOT/build}/tests/html-shown" 800
	# One that finds nothing hidden, and one that finds all hidden.
	printf '#!/bin/sh\ntr -dc "\\0" | tr "\\0" 0 | sed "s/0/0 0\\n/g"\n' >blind
	sed 's/0 0/4 0/' blind >dark
	chmod +x blind dark
	ends 1 /usr/bin/python3 "$ROOT/tests/footer/html5.py" ./blind 80
	ends 1 /usr/bin/python3 "$ROOT/tests/footer/html5.py" ./dark 80
}

# says STATUS TEXT [OPTION...]: of body.html
says() {
	local status=$1 text=$2

	shift 2
	ends "$status" bm-render --id t --subject S --part headers "$@" body.html <ann
	[ "$status" -eq 0 ] || same "bm-render: stdin:1: $text"
}

@test "the place is named: of HTML, Markdown, partials and fields" {
	printf '<p>x\n\n é<!-- note\n' >body.html
	says 2 'body.html:3:3: a comment without its end, -->: no reader sees what follows the body'
	printf '# Hi\n\nText <!-- a -->\n\n<!-- TODO: ask Bo\n\nMore\n' >body.md
	ends 2 bm-render --id t --subject S body.md <ann
	same 'bm-render: stdin:1: body.md:5:1: a comment without its end, -->: no reader sees what follows the body'
	mkdir parts
	printf 'a\n<svg>' >parts/sig.mustache
	echo '{{> sig}}' >body.html
	says 2 'parts/sig.mustache:2:1: <svg>, which hides its content, is not closed in good order with </svg>: no reader sees what follows the body' --partials parts
	printf 'a\n<script>b' >body.html
	ends 2 bm-render --id t --subject S body.html <ann
	same 'bm-render: body.html:2: <script> without </script>'
	# What swallows the layout's tags is named, not the layout.
	while IFS='|' read -r html text; do
		printf 'a\n%s' "$html" >body.html
		ends 2 bm-render --id t --subject S body.html <ann
		[[ $output == *"bm-render: "*"body.html:2:"*"$text"* ]] || { echo "$html: $output" && false; }
	done <<-'END'
		<script>|<script> without </script>
		<p x|the tag <p without its end, >
		<b title="|the tag <b without its end, >
		<a href="x|the tag <a without its end, >
		<canvas><a href="x|<canvas>, which hides its content
		</div|the tag <div
	END
	# A field as it is: its record is refused, the others are not.
	echo '<p>{{{bio}}}' >body.html
	jq -nc '{email: "ann@unix.example", course_id: "c", bio: "one"},
		{email: "eve@unix.example", course_id: "c", bio: "Hi <!-- x"},
		{email: "bob@unix.example", course_id: "c", bio: "<i>two"}' >three
	ends 1 bm-render --id t --subject S --part headers body.html <three
	same 2 "$(grep -c '^Date: ' <<<"$output")"
	[[ $output == *'bm-render: stdin:2: body.html:1:4: field bio: a comment without its end, -->: no reader sees what follows the body'* ]]
	# A section that only some records show.
	echo '<p>x{{#late}}<div hidden>{{/late}}' >body.html
	says 0 ''
	jq -c '.late = true' ann >late && mv late ann
	says 2 'body.html:1:14: <div>, which hides its content, is not closed in good order with </div>: no reader sees what follows the body'
}

@test "in a layout of one's own link and address are seen" {
	local link='<a href="{{optout_url}}">out</a>' at='{{postal_address}}'
	local end=': no reader sees it'
	local cover=', which hides its content'

	echo "$link $at {{optout_url}}" >body.txt
	while IFS='|' read -r html text; do
		echo "<p>x</p>$html" >body.html
		[ -n "$text" ] || { says 0 '' --layout none --text body.txt && continue; }
		says 2 "$text" --layout none --text body.txt
	done <<-END
		$link $at|
		<div style="font-size:0"><p style="font-size:12px">$link $at</p></div>|
		<!-- $link $at --> $link $at|
		<p>{{optout_url}} $at|
		{{optout_url}}$at|
		<!-- $link --> $at|body.html:1:9: the opt-out link stands in a comment$end
		$link <!-- $at -->|body.html:1:$((9 + ${#link} + 1)): the postal address stands in a comment$end
		<p hidden>$link</p> $at|body.html:1:9: the opt-out link stands in <p>$cover$end
		<textarea>$at</textarea> $link|body.html:1:9: the postal address stands in <textarea>$cover$end
		<a style="opacity:0" href="{{optout_url}}">out</a> $at|body.html:1:9: the opt-out link stands in <a>$cover$end
		<p style="font-size: 1px">$at</p> $link|body.html:1:9: the postal address stands in <p>$cover$end
		<a href="{{optout_url}}"> </a> $at|no reader sees the opt-out link: it is not in the HTML, or a link without text
		$link <i title="$at">|body.html:1:$((9 + ${#link} + 1)): the postal address stands in <i> itself, not in its content$end
	END
	# Without a newline or a tag at its end.
	printf '<p>x</p>%s' "$link $at" >body.html
	says 0 '' --layout none --text body.txt
}

@test "what a sheet lays over the footer is outside the check" {
	echo '<style>body::after { content: ""; position: fixed; inset: 0; background: #fff; z-index: 2147483647 }</style><p>x' >body.html
	says 0 ''
}
