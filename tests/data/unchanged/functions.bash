# Read before each case.
# shellcheck shell=bash
read -r T <token

# ask METHOD [VAR=VALUE...]: of the page, with $options; the body is stdin.
ask() {
	local method=$1

	shift
	# shellcheck disable=SC2086 # options are words
	env GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD="$method" \
		QUERY_STRING="t=$T" BM_DB=db BM_KEY_FILE=key "$@" \
		bm-optout cgi ${options-}
}

# post BODY [VAR=VALUE...]
post() {
	local body=$1

	shift
	printf %s "$body" | ask POST CONTENT_LENGTH=${#body} \
		CONTENT_TYPE=application/x-www-form-urlencoded "$@"
}

rows() {
	sqlite3 db 'SELECT * FROM optouts ORDER BY seq'
}
