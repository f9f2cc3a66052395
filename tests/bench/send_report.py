"""The figures of tests/bench/send: table, goals, and a plot."""
import html
import os
import platform
import statistics


class Figures:
    """Medians of an arm's rounds."""

    def __init__(self, arm):
        self.name, self.count = arm.name, arm.count
        self.rate = arm.count / statistics.median(arm.times)
        self.slowest = arm.count / max(arm.times)
        self.fastest = arm.count / min(arm.times)
        self.cpu_us = statistics.median(arm.cpu) / arm.count * 1e6
        self.peak = statistics.median(arm.peak)
        self.seconds = statistics.median(arm.times)


def machine():
    model = 'unknown processor'
    with open('/proc/cpuinfo') as lines:
        for line in lines:
            if line.startswith('model name'):
                model = line.split(':', 1)[1].strip()
                break
    return '%s, %d cores, Linux %s' % (
        model, os.cpu_count(), platform.release().split('-')[0])


def table(arms, syncs):
    print('\n%s; %.0f fdatasync/s' % (machine(), syncs))
    print('%-18s %9s %11s %15s %8s %9s' % (
        '', 'messages', 'messages/s', 'slowest-fastest', 'cpu us', 'peak MiB'))
    for f in map(Figures, arms):
        print('%-18s %9d %11.0f %15s %8.0f %9.1f' % (
            f.name, f.count, f.rate, '%.0f-%.0f' % (f.slowest, f.fastest),
            f.cpu_us, f.peak))


def goals(arms, syncs, trip_ms):
    got = {a.name: Figures(a) for a in arms}

    def say(what, figure, goal, good):
        print('%-9s %s: %s (goal %s)' % (
            'met' if good else 'FELL SHORT', what, figure, goal))

    def ratio(what, name, other, least):
        if name in got and other in got:
            r = got[name].rate / got[other].rate
            say(what, '%.2f' % r, '%g' % least, r >= least)

    print()
    for n, least in (1, 2), (4, 2), (16, 1.5):
        ratio('--durability process on %d to smtp-source' % n,
              'bm-process-%dc' % n, 'smtp-source-%d' % n, least)
    for n in 1, 4, 16:
        name, other = 'bm-power-%dc' % n, 'smtp-source-%d' % n
        if name in got and other in got:
            bound = min(got[other].rate, n * syncs)
            r = got[name].rate / bound
            say('default on %d to the smaller of smtp-source and syncs' % n,
                '%.2f' % r, '0.8', r >= 0.8)
    ratio('default, 8 processes to one', 'bm-power-8p', 'bm-power-1c', 5)
    ratio('--durability process to smtplib', 'bm-process-1c',
          'smtplib-email-1', 10)
    ratio('--durability process to Nodemailer', 'bm-process-1c',
          'nodemailer-5', 20)
    for n in 1, 16, 64:
        f = got.get('delay-bm-%d' % n)
        if f is not None:
            trips = f.seconds * n / f.count * 1000 / trip_ms
            say('round trips a message on %d distant' % n, '%.2f' % trips,
                '1.3', trips <= 1.3)


def svg(path, arms, syncs):
    """Bars of messages a second, the distant ones apart."""
    near = [Figures(a) for a in arms if not a.delay]
    far = [Figures(a) for a in arms if a.delay]
    rows, y, width = [], 46, 420
    text = ('<text x="%d" y="%d" font-size="%d" text-anchor="%s">%s</text>')

    for title, group in (
            ('messages a second, loopback', near),
            ('messages a second, round trip of 50 ms', far)):
        if not group:
            continue
        rows.append(text % (10, y, 13, 'start', title))
        y += 10
        most = max(f.fastest for f in group)
        for f in group:
            y += 20
            colour = '#2b6cb0' if 'bm-' in f.name else '#a0aec0'
            rows.append(text % (150, y, 12, 'end', html.escape(f.name)))
            rows.append('<rect x="158" y="%d" width="%.1f" height="14" '
                        'fill="%s"/>' % (y - 11, f.rate / most * width,
                                         colour))
            rows.append('<path d="M%.1f %dH%.1f" stroke="#1a202c"/>' % (
                158 + f.slowest / most * width, y - 4,
                158 + f.fastest / most * width))
            rows.append(text % (164 + f.fastest / most * width, y, 11,
                                'start', '%.0f' % f.rate))
        y += 40
    with open(path, 'w') as out:
        out.write(
            '<svg xmlns="http://www.w3.org/2000/svg" width="680" height="%d" '
            'font-family="sans-serif"><rect width="100%%" height="100%%" '
            'fill="white"/>\n%s\n%s\n</svg>\n' % (
                y - 20, text % (10, 20, 11, 'start', html.escape(
                    '%s; %.0f fdatasync/s; median, and slowest to fastest' % (
                        machine(), syncs))), '\n'.join(rows)))
