// mailauth's verdicts: mailauth.js KEYS FILE... A line a file: NAME, and each
// signature's algorithm with pass or fail. With "-" the keys are in the DNS.
const fs = require('fs');
const path = require('path');
const { dkimVerify } = require('mailauth/lib/dkim/verify');

function readKeys(file) {
	return new Map(fs.readFileSync(file, 'utf8').trim().split('\n')
		.map(line => {
			const at = line.indexOf(' ');
			return [line.slice(0, at), line.slice(at + 1)];
		}));
}

const keys = process.argv[2] === '-' ? null : readKeys(process.argv[2]);

async function resolver(name) {
	if (!keys.has(name)) {
		const error = new Error('no record');
		error.code = 'ENOTFOUND';
		throw error;
	}
	return [[keys.get(name)]];
}

async function main() {
	for (const file of process.argv.slice(3)) {
		const { results } = await dkimVerify(fs.readFileSync(file),
			keys ? { resolver } : {});
		const verdicts = results.filter(r => r.signingDomain).map(r =>
			(/^ed25519/.test(r.algo) ? 'ed25519' : 'rsa') + '=' +
			(r.status.result === 'pass' ? 'pass' : 'fail'));
		console.log([path.basename(file), ...verdicts].join(' '));
	}
}

main();
