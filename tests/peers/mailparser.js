// Reads messages from stdin, each as its length in decimal, LF and its bytes,
// with npm's mailparser. A line each: subject, To name, To address, From name,
// text, HTML, every one in base64.
const { simpleParser } = require('mailparser');

function put(s) {
	return Buffer.from(s || '').toString('base64');
}

function split(all) {
	const list = [];
	for (let at = 0; at < all.length;) {
		const lf = all.indexOf(10, at);
		const n = Number(all.subarray(at, lf).toString());
		list.push(all.subarray(lf + 1, lf + 1 + n));
		at = lf + 1 + n;
	}
	return list;
}

async function main() {
	const chunks = [];
	for await (const chunk of process.stdin)
		chunks.push(chunk);
	for (const raw of split(Buffer.concat(chunks))) {
		const m = await simpleParser(raw, {
			skipTextToHtml: true, skipHtmlToText: true,
			skipImageLinks: true, skipTextLinks: true });
		const to = m.to.value, from = m.from.value;
		const list = m.headers.get('list');
		console.log([m.subject, to.length === 1 ? to[0].name : '(several)',
			to[0].address, from[0].name, m.text, m.html]
			.map(put).join('\t') + '\t' +
			(list && list.unsubscribe && list.unsubscribe.url
				? '' : 'no list.unsubscribe'));
	}
}

main();
