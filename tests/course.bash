# The sample course, its database and its mailing, for suites that send it.
# shellcheck shell=bash

COURSE='course-v1:UniX+CS101+2026'
TITLE='Computing 101 – Grundlagen & Εισαγωγή'
URL='https://learn.example/courses/cs101'
OPTOUT='https://learn.example/optout'
POSTAL='1 College Street, Springfield <US>'
SUBJECT='Week 3 for {{name}} – {{course_title}}'
export SOURCE_DATE_EPOCH=1767225600

write_templates() { # DIR
	cat >"$1/body.txt" <<-'END'
		Dear {{name}},

		{{course_title}} goes on at {{course_url}}{{#cohort}} for {{cohort}}{{/cohort}}.
		From here on this line is a long one, so that a wrapped or folded text part would show: — ünïcödé, 漢字, עברית.
		No more of these: {{optout_url}}
		{{postal_address}}
	END
	cat >"$1/body.html" <<-'END'
		<h1>Week 3: {{course_title}}</h1>
		<p>Dear <b>{{name}}</b>, <a href="{{course_url}}">it</a> goes on{{#cohort}} for <i>{{cohort}}</i>{{/cohort}}. Ελληνικά &amp; 漢字 👋</p>
		<p>{{postal_address}} – <a href="{{optout_url}}">no more of these</a></p>
	END
}

# The sample course in DIR with its database, opt-outs and templates.
make_course() { # DIR
	local status=0

	"$ROOT/scripts/sample-course" "$1"
	write_templates "$1"
	cat >"$1/bm.conf" <<-END
		BM_DB=$1/course.db
		BM_KEY_FILE=$1/bm.key
		BM_OPTOUT_URL=$OPTOUT
		BM_POSTAL_ADDRESS=$POSTAL
		DEFAULT_BULK_FROM_EMAIL=cs101@learn.example
		BM_ALLOW_RESERVED=yes
	END
	export BM_CONFIG=$1/bm.conf
	printf '1 %s\n' "$(head -c 64 /dev/zero | openssl base64 -A)" >"$1/bm.key"
	chmod 640 "$1/bm.key"
	bm-optout init
	bm-import --course "$COURSE" --title "$TITLE" --url "$URL" \
		"$1/learners.csv" 2>"$1/import.err" || status=$?
	[ "$status" -eq 1 ]
	bm-import --course "$COURSE" --role staff "$1/staff.csv"
	xargs -d '\n' bm-optout add --course "$COURSE" --reason asked \
		<"$1/optouts.txt"
}

# Records to outcomes: mailing DIR ID
mailing() {
	set -o pipefail
	bm-recipients --course "$COURSE" --to learners --to staff |
		render "$1" "$2" |
		bm-batch --size 25 --dir "$1/spool/$2" --null |
		xargs -0 -P 4 -n 1 bm-send --maildir "$1/Maildir.$2"
}

render() { # DIR ID
	bm-render --id "$2" --subject "$SUBJECT" --text "$1/body.txt" \
		--layout none "$1/body.html"
}
