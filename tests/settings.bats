# Settings as a user meets them, and their manual page.

# shellcheck disable=SC2154 # bats sets stderr
load helper

setup() {
	cd "$BATS_TEST_TMPDIR" || return
}

names() {
	bm-batch --print-config | sed 's/^#//; s/=.*//' | sort
}

@test "bm.conf(5) lists exactly the settings there are" {
	same "$(names)" "$(sed -n 's/^\.It Ev //p' "$ROOT/man/bm.conf.5" | sort)"
}

@test "bm.conf(5) and --print-config agree about defaults" {
	run bm-batch --print-config
	while IFS='=' read -r name value; do
		sed -n "/^\.It Ev $name\$/,/^\.It /p" "$ROOT/man/bm.conf.5" |
			grep -qi -- "${value//\"/}" || echo "$name: $value"
	done < <(sed -n 's/^\([A-Z].*\)  # default$/\1/p' <<<"$output" |
		sed 's/=no$/=/') >missing
	same "" "$(cat missing)"
}

@test "the example of bm.conf(5) is a settings file" {
	sed -n '/^# \/etc/,/^\.Ed/p' "$ROOT/man/bm.conf.5" | sed '$d' >conf
	ends 0 bm-batch --config conf --print-config
	[[ $output == *'EMAIL_HOST=smtp.uni.example  # conf:2'* ]]
	[[ $output == *'BM_POSTAL_ADDRESS="University of X, 1 Example Way, X City"  # conf:7'* ]]
}

@test "a secret is masked, and its file must be private" {
	echo 'EMAIL_HOST_PASSWORD=hunter2' >conf
	chmod 640 conf
	ends 0 bm-batch --config conf --print-config
	[[ $output == *'EMAIL_HOST_PASSWORD=********  # conf:1'* ]]
	[[ $output != *hunter2* ]]
	chmod 644 conf
	ends 2 bm-batch --config conf --print-config
	same "bm-batch: conf: holds a secret, but others may read it or its group may write it (chmod o=,g-w)"
}

@test "a settings file of somebody else, or that others may write: 2, not obeyed" {
	refused() { # TEXT
		ends 2 --separate-stderr bm-send --check
		same "bm-send: $1" "$stderr"
		[ ! -e ran ]
	}
	export BM_CONFIG=$PWD/conf
	printf '%s\n' EMAIL_HOST=127.0.0.1 EMAIL_PORT=1 EMAIL_USE_TLS=no \
		EMAIL_HOST_USER=u "EMAIL_HOST_PASSWORD_COMMAND=touch $PWD/ran; echo x" >conf
	for mode in 666 646 602; do
		chmod $mode conf
		refused "$PWD/conf: is not obeyed, since others may write it (chmod go-w)"
	done
	chgrp daemon conf
	chmod 664 conf
	refused "$PWD/conf: is not obeyed, since its group may write it (chmod go-w)"
	chmod 644 conf
	chown daemon conf
	refused "$PWD/conf: belongs to daemon, and is obeyed only if it belongs to root or to you (chown root)"
	# The user's own obeys the user.
	exec 5<conf
	ends 0 setpriv --reuid daemon --regid daemon --clear-groups \
		env BM_CONFIG=/dev/fd/5 "$BM_BIN/bm-batch" --print-config
	exec 5<&-
	# A secret's file, and a key's.
	chown root conf
	echo word >secret
	chmod 600 secret
	chown daemon secret
	sed -i "s,^EMAIL_HOST_PASSWORD_COMMAND.*,EMAIL_HOST_PASSWORD_FILE=$PWD/secret," conf
	ends 2 bm-send --check
	[[ $output == *"$PWD/secret: belongs to daemon, "* ]]
	export BM_DB=$PWD/bm.db
	bm-optout init 2>/dev/null
	bm-optout keygen --key-file key 2>/dev/null
	chown daemon key
	ends 2 bm-optout url --course c --key-file key --url https://m.example/o a@b.org
	[[ $output == *"key: belongs to daemon, "* ]]
	bm-sign keygen --selector s k.pem >out
	chown daemon k.pem
	ends 2 bm-sign --key s=k.pem /dev/null
	[[ $output == *"k.pem: belongs to daemon, "* ]]
}

@test "a mistake in a settings file names file and line" {
	printf '\nEMAIL_HOTS=x\n' >conf
	BM_CONFIG=conf ends 2 bm-batch -d spool </dev/null
	same "bm-batch: conf:2: unknown setting EMAIL_HOTS; did you mean EMAIL_HOST?"
}

@test "--print-config shows a credential that is used, and no other" {
	mkdir credentials
	printf 'want\n' >credentials/EMAIL_HOST_PASSWORD
	chmod 400 credentials/*
	export CREDENTIALS_DIRECTORY=$PWD/credentials
	bm-send --print-config >shown
	same "EMAIL_HOST_PASSWORD=********  # credential $PWD/credentials/EMAIL_HOST_PASSWORD" \
		"$(grep PASSWORD shown)"
	same "#EMAIL_HOST_TOKEN=  # not set" "$(grep TOKEN shown)"
	run ! grep want shown
	same "EMAIL_HOST_PASSWORD=********  # environment" \
		"$(EMAIL_HOST_PASSWORD=x bm-send --print-config | grep PASSWORD)"
}
