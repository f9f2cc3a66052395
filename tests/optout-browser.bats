# The opt-out page in Chromium under a real web server: from a delivered
# message to the next mailing. Pictures are left in browser/ of the build.
# shellcheck disable=SC2154 # bats sets them

load helper
load web

COURSE=course-v1:UniX+CS101+2026

setup() {
	page_setup
	start_lighttpd
	sqlite3 "$BM_DB" "INSERT INTO courses(id, title)
		VALUES('$COURSE', 'Mathematics & <Love>')"
}

teardown() {
	page_teardown
}

# judge FOLDER LINK [LANGUAGE [LABEL...]]
judge() {
	local pictures=${BM_BUILD:-$ROOT/build}/browser/$1

	shift
	mkdir -p "$pictures"
	timeout 30 /usr/bin/python3 "$ROOT/tests/judges/optout_page.py" \
		"$ROOT/build/node/node_modules/axe-core/axe.min.js" \
		"$pictures" "$@"
}

# mailing ID: to one learner; prints the outcome's status and class.
mailing() {
	echo '<p>Dear {{name}}</p>' >body.html
	jq -nc --arg course "$COURSE" '{email: "ada@uni.example", name: "Ada",
		user_id: "42", course_id: $course}' |
		BM_OPTOUT_URL=$page BM_POSTAL_ADDRESS='1 College Road, Town' \
		DEFAULT_BULK_FROM_EMAIL='Uni <courses@uni.example>' \
		bm-render --id "$1" --subject Hello body.html |
		bm-send --maildir mail | jq -r '.status + " " + .class'
}

# body_link FILE: the opt-out link in a message's HTML.
body_link() {
	/usr/bin/python3 - "$1" <<-'END'
		import email, email.policy, re, sys
		with open(sys.argv[1], "rb") as file:
		    m = email.message_from_binary_file(
		        file, policy=email.policy.default)
		html = m.get_body(("html",)).get_content()
		print(re.search(r'href="(http://127[^"]+)"', html).group(1)
		      .replace("&amp;", "&"))
	END
}

@test "message, page, one button, done, the next mailing skips; and back" {
	same 'sent ok' "$(mailing one)"
	link=$(body_link mail/new/*)
	ends 0 judge message "$link" en 'Stop mail from this course'
	same "Done: mail from Mathematics & <Love> | Done. You get no more mail\
 from this course. A message that is already on its way may still arrive.
8 looks, 0 findings"
	same 'skipped optout' "$(mailing two)"
	ends 0 judge message "$link" ar 'إيقاف جميع الرسائل من Uni Online' \
		'استئناف الرسائل من Uni Online'
	[[ ${lines[-1]} == '12 looks, 0 findings' ]]
	same 'skipped optout' "$(mailing three)"
	ends 0 judge message "$link" en 'Start mail from this course again'
	[[ ${lines[0]} == *'| Done. You get mail from this course again.' ]]
	same 'sent ok' "$(mailing four)"
}

@test "in three languages, and a link that does not work" {
	ends 0 judge languages "$page?t=$(token $COURSE 42 ada@uni.example)"
	same '12 looks, 0 findings'
	# As for scanners with a browser: looking is no opting out.
	same '' "$(bm-optout list --history)"
	# That the answer is a 404, the browser notes by itself.
	ends 1 judge no-such-link "$page?t=nothing" en
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[0]} == *': Failed to load resource: '*'404'* ]]
}

@test "a page with barriers is found out" {
	mkdir own
	echo '<style>p { color: #ccc; background: #fff } main { min-width: 900px }
		button { outline: none !important }</style>' >own/style.html
	cat >own/page.en.html <<-'END'
		<!DOCTYPE html><html><head>{{> style}}</head><body><main>
		<h1>x</h1><p>Hardly to be seen</p><img src="/x.png">
		<script>1</script><form method="post">
		<button name="do" value="stop-all">Stop</button></form>
	END
	sed -i 's|cgi|cgi --pages '"$PWD"'/own|' optout.cgi
	ends 1 judge barriers "$page?t=$(token $COURSE 42 ada@uni.example)" \
		en Stop
	for finding in 'Content Security Policy' 'failed to load' \
		'320-light: color-contrast' '1280-dark: html-has-lang' \
		'image-alt' 'document-title' '320-light: overflow: ' \
		'"Stop" does not show the focus'; do
		[[ $output == *"$finding"* ]] || { echo "no $finding" && false; }
	done
}
