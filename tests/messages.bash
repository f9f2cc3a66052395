# messages FIRST LAST [EMAIL_ID]: message records for learners uFIRST..uLAST,
# made without our own programs.
# shellcheck shell=bash
messages() {
	awk -v first="$1" -v last="$2" -v id="${3:-week3}" 'BEGIN {
		zeros = sprintf("%064d", 0)
		for (i = first; i <= last; i++)
			printf "{\"email_id\":\"%s\"," \
			    "\"course_id\":\"course-v1:UniX+CS101+2026\"," \
			    "\"user_id\":\"%d\",\"email\":\"u%d@uni.example\"," \
			    "\"sender\":\"bounces@uni.example\"," \
			    "\"content\":\"%s\",\"message\":\"" \
			    "From: staff@uni.example\\r\\n" \
			    "To: u%d@uni.example\\r\\nSubject: Week 3\\r\\n" \
			    "Message-ID: <%s.%d@uni.example>\\r\\n\\r\\n" \
			    "Hello %d\\r\\n\"}\n", \
			    id, i, i, zeros, i, id, i, i
	}' </dev/null
}
