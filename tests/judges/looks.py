#!/usr/bin/python3
"""What a window of 320 px shows of pages, light and dark:
looks.py FILE.html|URL...

Prints what is out of sight: text behind the window's edge, a box that has to be
scrolled sideways, a cell of a table whose column is not named; what only a
colour tells; and where the contrast of a text, computed from its colour and the
backgrounds below it, is under 4.5. The last line has the least contrast; the
status is 1 if anything is found."""

import os
import sys

from chromium import Chromium

WIDTH = 320
LEAST = 4.5
LOOK = """(() => {
const found = [], texts = [];
let least = 99, count = 0;
const name = e => e.tagName.toLowerCase() + (e.className.baseVal === undefined
    && e.className ? '.' + e.className : '') + ' "' +
    (e.innerText || '').trim().slice(0, 20) + '"';
const rgba = s => {
  const n = s.match(/[\\d.]+/g).map(Number);
  return n.length < 4 ? [...n, 1] : n;
};
const over = (top, below) => [0, 1, 2].map(
    i => top[i] * top[3] + below[i] * (1 - top[3]));
const light = c => {
  const [r, g, b] = c.map(v => v / 255).map(
      v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = e => {
  if (!e) return matchMedia('(prefers-color-scheme:dark)').matches
      && getComputedStyle(document.documentElement).colorScheme.includes('dark')
      ? [18, 18, 18] : [255, 255, 255];
  return over(rgba(getComputedStyle(e).backgroundColor),
      ground(e.parentElement));
};
const judge = (e, style, what) => {
  const below = ground(e), a = light(over(rgba(style.color), below)),
      b = light(below);
  const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  count++;
  least = Math.min(least, contrast);
  if (contrast < %s) found.push('contrast ' + contrast.toFixed(2) + ': ' + what);
};
for (const e of document.querySelectorAll('body, body *')) {
  const style = getComputedStyle(e), box = e.getBoundingClientRect();
  if (!e.checkVisibility() || e.closest('svg, thead') && e.closest('.stack'))
    continue;
  if (['auto', 'scroll', 'hidden'].includes(style.overflowX) &&
      e.scrollWidth > e.clientWidth)
    found.push('scrolls sideways: ' + name(e));
  const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
  if (own) {
    const range = document.createRange();
    range.selectNodeContents(e);
    const text = range.getBoundingClientRect();
    if (text.width > 1 && (text.left < 0 || text.right > innerWidth + 0.5))
      found.push('out of sight: ' + name(e));
    judge(e, style, name(e));
  }
  const before = getComputedStyle(e, '::before');
  if (e.matches('.stack td')) {
    const at = [...e.parentElement.children].indexOf(e);
    const head = e.closest('table').querySelectorAll('thead th')[at].innerText;
    const shown = before.content.replaceAll('"', '');
    if (at > 0 && shown !== head)
      found.push('no name: ' + name(e) + ': ' + shown + ', not ' + head);
    if (shown !== 'none') judge(e, before, 'the name ' + shown);
  }
}
/* What is coloured says it in words as well. */
for (const e of document.querySelectorAll('[class^=s]:is(li, rect, i)')) {
  const says = e.tagName === 'rect' ? e.querySelector('title')
      : e.tagName === 'I' ? e.parentElement : e;
  if (!/[a-z]{3}/.test(says ? says.textContent : ''))
    found.push('a colour without a word: ' + e.outerHTML.slice(0, 60));
}
for (const e of document.querySelectorAll('section:has(svg)'))
  if (!e.querySelector('table')) found.push('a chart without its table');
const wide = document.documentElement.scrollWidth;
if (wide > innerWidth) found.push('overflow: ' + wide + ' px');
return {found, least, count};
})()""" % LEAST


def main(pages):
    bad, least = 0, 99
    with Chromium() as browser:
        for page in pages:
            url = page if '://' in page else 'file://' + os.path.abspath(page)
            for dark in (False, True):
                browser.look(WIDTH, 640, dark, 'en')
                browser.open(url)
                result = browser.run(LOOK)
                where = os.path.basename(page)[:30] + (', dark' if dark else '')
                if result['count'] < 2:
                    result['found'].append('hardly looked at')
                for finding in result['found']:
                    print(f'{where}: {finding}')
                bad += len(result['found'])
                least = min(least, result['least'])
    print(f'{len(pages)} pages, {bad} findings, contrast {least:.2f} and more')
    return 1 if bad else 0


sys.exit(main(sys.argv[1:]))
