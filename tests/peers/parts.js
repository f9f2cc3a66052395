// As parts.pl, with npm's mailparser.
const { simpleParser } = require('mailparser');
const { createHash } = require('crypto');
const { readFileSync } = require('fs');

async function main() {
	for (const path of process.argv.slice(2)) {
		const m = await simpleParser(readFileSync(path));
		console.log(JSON.stringify(m.attachments.map(a => {
			const t = a.headers.get('content-type');
			return [a.contentType, (t.params.method || ''),
				a.filename || '', (a.cid || ''),
				createHash('sha1').update(a.content).digest('hex')];
		})));
	}
}

main();
