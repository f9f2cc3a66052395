# shellcheck disable=SC2154 # bats sets them
# The built-in layout and the preview in a validator and in a browser: 320 and
# 1280 px, light and dark. What it needs is fetched by scripts/setup --tests.
load helper

setup_file() {
	local dir=$BATS_FILE_TMPDIR common

	cd "$dir" || return
	bm-optout keygen --key-file key
	common=(--id week3 --subject 'Week 3 & more' --key-file key
		--default-from staff@unix.example
		--optout-url https://unix.example/o
		--postal-address '1 Road, Town' --platform-name UniX)
	jq -nc '{email: "ann@unix.example", name: "Ann Lee", why: "learner",
		course_id: "course-v1:UniX+CS101+2026",
		course_title: "Computer Science 101",
		course_url: "https://unix.example/courses/cs101",
		course_image_url: "https://unix.example/cs101.png"}' >ann
	jq -nc '{email: "shira@unix.example", name: "שירה כהן", why: "staff",
		course_id: "course-v1:UniX+CS102+2026", language: "he",
		course_title: "מדעי המחשב"}' >shira
	cat >body.md <<-'END'
		# Week 3 is open

		Dear {{name}}, the week starts **today**.

		- Reading: `chapter 4`
		  1. one
		  2. two

		| Part | Points |
		|---|--:|
		| Quiz | 10 |

		| Course number | Lecturer of the course | Room in the building | Monday morning | Tuesday afternoon | Wednesday |
		|---|---|---|---|---|--:|
		| CS101-2026 | Prof. Lovelace | Auditorium-Maximum | 10:00-12:00 | 14:00-16:00 | 18:00-20:00 |

		> Learning never exhausts the mind.

		    a long line of a program that goes over the edge of a telephone

		https://unix.example/a/very/long/link/that/fits/into/no/small/screen/0
	END
	bm-render "${common[@]}" --part html body.md <ann >ann.html
	bm-render "${common[@]}" --part html body.md <shira >shira.html
	bm-render "${common[@]}" --preview preview.html body.md <ann
	cat >wide.body.html <<-'END'
		<table width="900"><tr><td>wide</td><td>Auditorium-Maximum</td></tr></table>
		<p>after</p>
	END
	bm-render "${common[@]}" --part html wide.body.html <ann >wide.html
	cat >broken.html <<-'END'
		<!DOCTYPE html><html lang="en"><title>x</title><body>
		<p style="color: #ddd; background: #fff">Hardly to be seen</p>
		<img src="data:,"><table><tr><td style="min-width: 900px">wide</table>
	END
}

setup() {
	cd "$BATS_FILE_TMPDIR" || return
	node=$ROOT/build/node/node_modules
}

@test "the HTML is valid" {
	ends 0 "$node/.bin/html-validate" \
		-c "$ROOT/tests/data/html-validate.json" \
		ann.html shira.html preview.html
	ends 1 "$node/.bin/html-validate" \
		-c "$ROOT/tests/data/html-validate.json" broken.html
}

@test "a browser finds no barrier and nothing too wide" {
	ends 1 timeout 200 /usr/bin/python3 "$ROOT/tests/judges/axe.py" \
		"$node/axe-core/axe.min.js" \
		ann.html shira.html wide.html preview.html broken.html
	for line in "${lines[@]:0:${#lines[@]}-1}"; do
		[[ $line == "broken.html: "* ]] || { echo "$line" && false; }
	done
	for finding in color-contrast image-alt 'overflow: '; do
		[[ $output == *"broken.html: 320 px: $finding"* ]]
	done
}

@test "what mail programs drop does not matter" {
	# lang and dir stand on the body's wrapper, too; no script, form or sheet
	grep -q '<div [^>]*lang="he" dir="rtl"' shira.html
	run ! grep -iE '<(script|form|link|base|input|iframe)|@import|url\(' \
		ann.html
	[ "$(grep -c '<table role="presentation"' ann.html)" -ge 1 ]
	[ "$(wc -c <ann.html)" -lt 10240 ]
}

@test "the footer and the sender speak the language of the course" {
	local common=(--id week3 --subject S --key-file key
		--default-from staff@unix.example --optout-url https://unix.example/o
		--postal-address '1 Road, Town')
	shown() { # LANGUAGE WHY [OPTION...]: the text, on one line
		jq -c --arg l "$1" --arg w "$2" '.language = $l | .why = $w' ann |
			bm-render "${common[@]}" "${@:3}" --part text body.md |
			sed -n '/^-----/,$p' | sed 's|o?t=.*|o?t=|' | tr -s '\n' ' '
	}
	contains() { [[ $1 == *"$2"* ]] || { echo "$1 lacks $2" && false; }; }
	contains "$(shown es learner)" 'Este mensaje se envió a ann@unix.example porque tiene una inscripción en Computer Science 101. El curso: https://unix.example/courses/cs101 Darse de baja de estos mensajes: https://unix.example/o?t='
	contains "$(shown es-MX staff)" 'porque forma parte del equipo docente de Computer Science 101.'
	contains "$(shown es '' --why 'lo pidió')" 'porque lo pidió.'
	contains "$(shown ar_EG learner)" 'أُرسلت هذه الرسالة إلى ann@unix.example والسبب: تسجيلك في المقرر Computer Science 101.'
	contains "$(shown he learner)" 'This message was sent to ann@unix.example because you are enrolled in Computer Science 101.'
	contains "$(shown en learner --set lang=es)" 'Este mensaje se envió a'
	from() { # LANGUAGE [OPTION...]: the name, decoded
		jq -c --arg l "$1" '.language = $l | del(.course_title, .course_id)' ann |
			bm-render "${common[@]}" "${@:2}" --part message body.md >whole
		python3 -c 'import email, email.policy
m = email.message_from_binary_file(open("whole", "rb"), policy=email.policy.default)
print(m["From"].addresses[0].display_name)'
	}
	same 'Equipo docente de Ordenar' "$(from es --course c --set course_title=Ordenar)"
	same 'فريق تدريس الفرز' "$(from ar --course c --set course_title=الفرز)"
	same 'Tri Course Staff' "$(from fr --course c --set course_title=Tri)"
	same 'Equipo docente' "$(from es --set course_title="$(printf 'á%.0s' {1..200})" \
		--course "course-v1:U+$(printf '&%.0s' {1..220})+1")"
	same 'Equipo docente de CS101' "$(from es --set course_title="$(printf 'á%.0s' {1..200})" \
		--course course-v1:UniX+CS101+2026)"
	jq -c '.language = "ar"' ann |
		bm-render "${common[@]}" --part html body.md >ar.html
	grep -q '<div lang="ar" dir="rtl" role="contentinfo"' ar.html
	grep -qF '>إلغاء الاشتراك في هذه الرسائل</a>' ar.html
}
