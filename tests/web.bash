# The opt-out page under real web servers, with the configuration that
# bm-optout(1) gives.
# shellcheck shell=bash
# shellcheck disable=SC2034 # page is for the tests

# page_setup: database, key, settings file and CGI script in the test's folder.
page_setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export BM_DB=$PWD/bm.db BM_KEY_FILE=$PWD/key
	export BM_OPTOUT_URL=https://mail.uni.example/optout
	bm-optout init 2>/dev/null
	bm-optout keygen 2>/dev/null
	printf '%s\n' "BM_DB=$BM_DB" "BM_KEY_FILE=$BM_KEY_FILE" \
		'BM_PLATFORM_NAME=Uni Online' \
		'BM_OPTOUT_MAILTO=optout@uni.example' >optout.conf
	manual script | sed "s|/usr/local/bin|$BM_BIN|
		s|/etc/bm/optout.conf|$PWD/optout.conf|" >optout.cgi
	chmod 755 optout.cgi
	servers=()
}

page_teardown() {
	local pid

	for pid in "${servers[@]}"; do
		kill -- "-$pid" 2>/dev/null || kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	return 0
}

# manual NAME: the example behind the line '.\" NAME' of the manual page.
manual() {
	awk -v name="$1" '
		$0 == ".\\\" " name { found = 1 }
		found && /^\.Ed/ { exit }
		print_it { gsub(/\\e/, "\\"); print }
		found && /^\.Bd/ { print_it = 1 }' "$ROOT/man/bm-optout.1"
}

# token COURSE ID ADDRESS
token() {
	local url

	url=$(bm-optout url --course "$1" --user-id "$2" "$3") || return
	echo "${url#*t=}"
}

# start_lighttpd: leaves the page's address in $page. With $patience, it waits
# so many seconds for more of a request.
start_lighttpd() {
	local port

	port=$(free_port)
	{
		echo "server.document-root = \"$PWD\""
		echo "server.bind = \"127.0.0.1\""
		echo "server.port = $port"
		echo "server.errorlog = \"$PWD/error.log\""
		echo "accesslog.filename = \"$PWD/access.log\""
		manual lighttpd | sed "s|/usr/local/lib/bm|$PWD|
			s/max-read-idle = 10/max-read-idle = ${patience:-10}/"
	} >lighttpd.conf
	/usr/sbin/lighttpd -D -f lighttpd.conf >/dev/null 2>&1 3>&- &
	servers+=($!)
	page=http://127.0.0.1:$port/optout
	wait_for 10 listening "$port"
}

start_nginx() {
	local port

	port=$(free_port)
	mkdir -p nginx
	{
		[ "$(id -u)" -ne 0 ] || echo 'user root;'
		echo "daemon off; pid $PWD/nginx/pid;"
		echo "error_log $PWD/error.log;"
		echo 'events { worker_connections 512; }'
		echo 'http {'
		for temp in client_body proxy fastcgi uwsgi scgi; do
			echo "${temp}_temp_path $PWD/nginx/$temp;"
		done
		echo "access_log $PWD/access.log;"
		echo "server { listen 127.0.0.1:$port;"
		manual nginx | sed "s|/usr/local/lib/bm|$PWD|
			s|unix:[^;]*|unix:$PWD/fcgi|
			s|include |include /etc/nginx/|"
		echo '} }'
	} >nginx.conf
	# Its children outlive it: a group of its own, to end them all.
	setsid /usr/sbin/fcgiwrap -c 8 -s "unix:$PWD/fcgi" >/dev/null \
		2>>error.log 3>&- &
	servers+=($!)
	wait_for 10 test -S fcgi
	/usr/sbin/nginx -c "$PWD/nginx.conf" -e "$PWD/error.log" >/dev/null \
		2>&1 3>&- &
	servers+=($!)
	page=http://127.0.0.1:$port/optout
	wait_for 10 listening "$port"
}
