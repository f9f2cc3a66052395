// npm's smtp-server: smtp-server.js DIR PORT OPTIONS(JSON)
const fs = require('fs');
const [dir, port, options] = process.argv.slice(2);
const {SMTPServer} = require('smtp-server');
const cert = fs.readFileSync(dir + '/cert.pem');
let count = 0;
fs.mkdirSync(dir + '/mail', {recursive: true});
new SMTPServer({
  key: cert, cert, disableReverseLookup: true,
  authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
  onAuth(auth, session, done) {
    const good = auth.username === 'me' && (auth.method === 'CRAM-MD5' ?
      auth.validatePassword('s3cret-word') : auth.method === 'XOAUTH2' ?
        auth.accessToken === 's3cret-word' : auth.password === 's3cret-word');
    if (good) return done(null, {user: 'me'});
    return done(auth.method === 'XOAUTH2' ?
      null : new Error('Invalid username or password'),
    {data: {status: '401', schemes: 'bearer'}});
  },
  onData(stream, session, done) {
    const name = dir + '/mail/' + (++count);
    stream.pipe(fs.createWriteStream(name)).on('finish', () => done());
  },
  ...JSON.parse(options || '{}'),
}).listen(Number(port), '127.0.0.1');
