#!/usr/bin/python3
"""Bodies that harm the footer, for bm-render: bodies.py FOLDER

Writes two hundred files body-N.html, and index.json: for each its name, its
HTML, and whether it has to be accepted (true), refused (false), or may be
either (null)."""

import json
import os
import random
import sys

# Left open, each of these takes in what follows.
OPEN = ["<!-- note", "<!-- a -- >", "<!--[if mso]><p>x", "<!-", "<!--->-->\n"
        "<!--", "<!doctype x", "<?php echo 1 ", "</", "</ x", "<a href=\"x",
        "<a title='x>y", "<b class=", "<p x", "<img alt=\"", "<b\n"]
RAW = ["textarea", "title", "xmp", "iframe", "noembed", "noframes",
       "plaintext"]
HIDING = ["template", "select", "svg", "math", "noscript", "datalist",
          "audio", "video", "canvas", "object", "progress", "meter",
          "details", "dialog", "option", "optgroup", "marquee", "rp",
          "fencedframe", "permission", "geolocation", "usermedia", "install",
          "model"]
ATTRIBUTES = ["hidden", "inert", "popover", "popover=manual", "hidden=''"]
STYLES = ["display:none", "DISPLAY : NONE", "display:none!important",
          "display&#58;none", "dis\\70lay:none", "display:/**/none",
          "visibility:hidden", "visibility: collapse", "opacity:0",
          "opacity:.01", "height:0;overflow:hidden",
          "max-height:0px;overflow:hidden", "width:0;overflow:hidden",
          "position:absolute;left:-9999px", "position:fixed;top:-500px",
          "text-indent:-9999px", "margin-left:-5000px",
          "transform:scale(0)", "transform:translateX(-9999px)",
          "clip-path:inset(50%)", "filter:opacity(0)", "zoom:0.01",
          "content-visibility:hidden", "scale:0", "translate:-9999px",
          "position:absolute;clip:rect(0,0,0,0)", "pointer-events:none"]
NAMES = ["div", "table", "p", "span", "b", "font", "center", "section", "a"]
AWAY = "</div></td></tr></tbody></table></div>"
SHEETS = ["[role=contentinfo]{display:none}", "a,p,span,div{display:none}",
          "*{visibility:hidden!important}", "*{opacity:0!important}",
          "a{color:transparent!important;font-size:0!important}",
          "div:last-child,div:last-child *{position:absolute!important;"
          "left:-9999px!important}", "body{display:none!important}",
          "html{display:none!important}", "*{font-size:0!important}",
          "*{transform:scale(0)!important}", "*{color:#fff!important}",
          "*{height:0!important;overflow:hidden!important}",
          "*{clip-path:inset(50%)!important}", "*{text-indent:-9999px"
          "!important}", "*{pointer-events:none!important}",
          "*{all:unset!important;display:none!important}",
          "*{-webkit-text-fill-color:transparent!important}",
          "p::first-line{color:transparent!important}",
          "body{filter:opacity(0)!important;zoom:.01!important}",
          "*{max-height:0!important;line-height:0!important}"]
GOOD = ["<p>Hello</p>", "<p hidden>pre</p><p>x</p>", "</td></tr></table>",
        "</div></div></div><p>x", AWAY + "<p>x", AWAY + "<table><tr><td>x",
        "<table><tr><td>x", "<table>x", "<b>bold <i>and", "<p>a<p>b",
        "<ul><li>a<li>b", "<h1>t", "<a href='https://x.example/'>open",
        "<!-- whole -->", "<!--[if mso]>x<![endif]-->x",
        "<!--[if !mso]><!-->x<!--<![endif]-->", "a < b && c > d", "<>", "< p>",
        "<div style='display:none'>pre<br>header</div>x",
        "<ul style='display:none'><li>a<li>b</ul>x", "</body></html>",
        "</body></html><p>x", "<textarea>a</textarea>x",
        "<select><option>a<option>b</select>x",
        "<svg><path d='M0 0'/><title>t</title></svg>x",
        "<details><summary>s</summary>more</details>x", "<noscript>a</noscript>"
        "x", "<template><p>x</template>x", "<style>p{color:red}</style>x",
        "<table style='display:none'><tr><td>a<tr><td>b</table>x",
        "<form><fieldset><legend>x", "<center><font color=red>x",
        "<div style='position:fixed;top:0;left:0;width:100%;height:100%;"
        "background:#fff;z-index:999999999'>over</div>x",
        "<div style='position:absolute;top:0;left:0;width:5000px;"
        "height:5000px;background:#fff'>over</div>x",
        "<dialog open style='width:900px;height:900px'>x</dialog>",
        "<script>document.write('<!--')</script>x", "<div id=x><div>x</div>",
        "<object><p>x</object>y", "<svg/>x", "<img src='' alt='' hidden>x"]
ODD = ["<body hidden>", "<html hidden>", "<body style='display:none'>",
       "<frameset><frame>", "<div inert>", "<div popover>", "<rp>",
       "<div contenteditable>", AWAY + "<template shadowrootmode=open>"
       "</template>", "<svg><style><!--</style></svg>x",
       "<svg><title><!--</title></svg>x", "<select><title><!--</title></select>"
       "x", "<noscript><!-- </noscript> --></noscript>",
       "<script><!--<script></script>", "<div hidden><table></div>x",
       "<span hidden><div></span>x", "<b hidden><p></b>x",
       "<div><b hidden>x</div>y", "<table><div hidden><tr></div>x",
       "<svg><foreignObject><div hidden></svg>x", "<math><mi><p hidden></math>"
       "x", "<button><div hidden></button>x", "<p hidden><table></p>x",
       AWAY + "<b hidden>x</b", AWAY + "<ul><li hidden>x</ul>",
       AWAY + "<select><table></select>x"]


def bodies():
    yield "<p>an innocent body</p>", True
    for text in OPEN:
        yield f"<p>Hello</p>\n{text}", False
    for name in RAW:
        yield f"<p>x</p><{name}>y", False
        yield f"<p>x</p>{AWAY}<{name} class=z>", False
    for name in HIDING:
        yield f"<p>x</p>\n<{name}>y", False
        yield f"{AWAY}<{name}><p>y", False
    for style in STYLES:
        yield f'<p>x</p>{AWAY}<section style="{style}">y', False
    for name in NAMES:
        yield f'<p>x</p><{name} style="display:none">y', False
        yield f"<p>x</p>{AWAY}<{name} HIDDEN>y", False
    for attribute in ATTRIBUTES:
        yield f"<p>x</p>{AWAY}<section {attribute}>y", False
    for sheet in SHEETS:
        yield f"<style>{sheet}</style><p>x", True
    for text in GOOD:
        yield text, True
    for text in ODD:
        yield text, None
    # The rest at random: pieces of all of these, in any order.
    chance = random.Random(7)
    pieces = OPEN + GOOD + ODD + [f"<{n}>" for n in RAW + HIDING] + \
        [f"</{n}>" for n in RAW + HIDING + NAMES] + [AWAY]
    while True:
        yield "\n".join(chance.choices(pieces, k=chance.randint(2, 5))), None


def main(folder):
    index = []
    for html, good in bodies():
        name = f"body-{len(index)}.html"
        with open(os.path.join(folder, name), "w", encoding="utf-8") as file:
            file.write(html)
        index.append({"name": name, "html": html, "good": good})
        if len(index) >= 250:
            break
    with open(os.path.join(folder, "index.json"), "w",
              encoding="utf-8") as file:
        json.dump(index, file)


main(sys.argv[1])
