-- A mailing with every outcome, for the tests of bm-report.
INSERT INTO emails(id, course_id, content, subject, state, created) VALUES
 ('week3', 'course-v1:UniX+CS101+2026', 'c0ffee', 'Week 3 is open', 'open',
  1795492800000),
 ('exam', 'course-v1:UniX+CS101+2026', 'beef', NULL, 'held', 1795579200000);
WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 1999)
INSERT INTO deliveries(email_id, key, email, user_id, state, class, stage,
 code, enhanced, reply, queue_id, relay, attempt, at, ms)
SELECT 'week3', printf('u%04d@%s', i, iif(i % 3, 'mail.example', 'uni.example')),
 printf('U%04d@%s', i, iif(i % 3, 'mail.example', 'uni.example')), i,
 iif(i % 40, 'sent', 'failed'), iif(i % 40, 'ok', 'bad_mailbox'),
 iif(i % 40, 'dot', 'rcpt'), iif(i % 40, 250, 550),
 iif(i % 40, '2.0.0', '5.1.1'),
 iif(i % 40, 'Ok: queued', 'No such user "here", sorry'),
 iif(i % 40, printf('%X', i), NULL), 'relay.example:587', 1 + (i % 100 = 7),
 1795492860000 + i * 37, 20 + i % 91 * (i % 13)
FROM n;
INSERT INTO deliveries(email_id, key, email, user_id, state, owner, prior,
 class, stage, code, enhanced, reply, relay, attempt, next_try, at, ms) VALUES
 ('week3', 'd1@slow.example', 'd1@slow.example', 'd1', 'deferred', NULL, NULL,
  'greylisted', 'rcpt', 450, '4.2.0', 'Greylisted, come back',
  'relay.example:587', 1, 1795493400000, 1795492900000, 30),
 ('week3', 'd2@slow.example', 'd2@slow.example', NULL, 'in_doubt', NULL, NULL,
  'no_reply', NULL, NULL, NULL, NULL, 'relay.example:587', 1, NULL,
  1795492901000, NULL),
 ('week3', 's1@mail.example', 's1@mail.example', 's1', 'skipped', NULL, NULL,
  'optout', 'none', NULL, NULL, NULL, NULL, 0, NULL, 1795492902000, 0),
 ('exam', 'a@mail.example', 'a@mail.example', 'a', 'sent', NULL, NULL, 'ok',
  'maildir', NULL, NULL, NULL, NULL, 1, NULL, 1795579300000, 1);
