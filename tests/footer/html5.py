#!/usr/bin/python3
"""Random bodies in a layout, judged by html5lib's tree and by a program:
html5.py HTML-SHOWN COUNT [SEED]

HTML-SHOWN says for each document of its input (ended by NUL) whether its end
is hidden. A body that it accepts has to leave the footer behind it in plain
sight in the tree that html5lib builds; a body in good order has to be
accepted. Prints each breach; status 1 if there is one, or if the bodies were
all of one kind."""

import random
import subprocess
import sys

import html5lib

TOP = ("<!DOCTYPE html><html><body><div><table><tbody><tr><td><div>")
END = ("</div></td></tr></tbody></table></div>"
       "<div><p><a href=LINK>Unsubscribe</a></p></div></body></html>")
BARE = ("<!DOCTYPE html><body>", "<p><a href=LINK>Unsubscribe</a></p>")

HIDING = {"template", "select", "svg", "math", "noscript", "datalist",
          "audio", "video", "canvas", "object", "progress", "meter", "rp",
          "option", "optgroup", "marquee", "details", "dialog", "textarea",
          "title", "style", "script", "xmp", "iframe", "noembed", "noframes",
          "plaintext", "frameset", "head"}

PLAIN = ["div", "span", "b", "i", "a", "p", "ul", "li", "table", "tr", "td",
         "th", "tbody", "h1", "h2", "dl", "dd", "dt", "section", "font",
         "nobr", "form", "button", "center", "blockquote", "ruby", "rt",
         "caption", "em", "code", "label", "main", "x-y", "applet"]
HIDERS = ["template", "select", "svg", "math", "datalist", "video", "object",
          "progress", "rp", "option", "optgroup", "marquee", "details",
          "dialog", "audio", "canvas", "meter"]
RAW = ["textarea", "title", "style", "script", "xmp", "iframe", "noembed",
       "noframes"]
ODDS = ["<!--", "-->", "--!>", "<!-->", "<!--->", "<!-- x -->", "<!-", "<!",
        "<?x", ">", "<", "</", "</ ", '"', "'", "<a title=\"", "<a title='",
        "<p =\"x>", "<i a=b\"c>", "<u a==\"d>", "<!DOCTYPE x \"", "<br/>",
        "<img src=x>", "<hr>", "<svg/>", "<path/>", "<div/>", "<br ", "</p>",
        "</br>", "<input>", "<body>", "<html>", "<head>", "</body>",
        "</html>", "<col>", "<image>", "<script><!--<script></script>",
        "<script><!-- x --></script>", "<foreignObject>", "<desc>",
        "</foreignObject>", "</desc>", "<mi>", "</mi>", "<frameset>",
        "<body hidden>", "<plaintext>", "<![CDATA[", "]]>"]
ATTRIBUTES = ["", "", "", " hidden", " HIDDEN=''", " style='display:none'",
              ' style="display: NONE"', " class=x", " style='color:red'"]


def wild(chance):
    """Tags that open and close in no order."""
    parts = []
    for _ in range(chance.randint(1, 12)):
        kind = chance.random()
        if kind < .35:
            name = chance.choice(PLAIN)
            parts.append(f"<{name}{chance.choice(ATTRIBUTES)}>")
        elif kind < .65:
            parts.append(f"</{chance.choice(PLAIN)}>")
        elif kind < .75:
            parts.append(f"<{chance.choice(HIDERS)}>")
        elif kind < .82:
            parts.append(f"</{chance.choice(HIDERS)}>")
        elif kind < .86:
            parts.append(f"<{chance.choice(RAW)}>")
        elif kind < .9:
            parts.append(f"</{chance.choice(RAW)}>")
        else:
            parts.append(chance.choice(ODDS))
        if chance.random() < .5:
            parts.append("t")
    return "".join(parts)


def good(chance, depth=0):
    """Elements that are closed in good order."""
    parts = []
    for _ in range(chance.randint(0, 3)):
        name = chance.choice(["div", "span", "b", "section", "em", "ul"])
        inner = good(chance, depth + 1) if depth < 4 else "t"
        kind = chance.random()
        if kind < .5:
            attribute = chance.choice(ATTRIBUTES)
            parts.append(f"<{name}{attribute}>{inner}</{name}>")
        elif kind < .6:
            parts.append(f"<ul hidden><li>{inner}<li>x</ul>")
        elif kind < .7:
            parts.append("<table hidden><tr><td>a<td>b<tr><td>"
                         f"{inner}</table>")
        elif kind < .8:
            parts.append(f"<div hidden><p>one<p>two{inner}</div>")
        elif kind < .9:
            parts.append("<svg><path d=x /><g><title>t</title></g></svg>"
                         "<textarea><p></textarea><!-- <div hidden> -->")
        else:
            parts.append(f"<details>{inner}</details>"
                         "<select><option>a<option>b</select>")
    return "".join(parts) or "t"


def nested(chance):
    """A hidden element, with something in it, closed, and more."""
    name = chance.choice(PLAIN)
    return (f"<{name} hidden>" + wild(chance) + f"</{name}>"
            + chance.choice(["", "t", wild(chance)]))


def hidden(element):
    style = (element.get("style") or "").lower().replace(" ", "")
    return ("hidden" in element.keys() or "display:none" in style
            or element.tag.rsplit("}", 1)[-1] in HIDING
            or element.tag.startswith("{http://www.w3.org/2000/svg")
            or element.tag.startswith("{http://www.w3.org/1998/Math"))


def seen(document):
    """Whether the link of the footer is in sight, by html5lib's tree."""
    tree = html5lib.parse(document, treebuilder="etree",
                          namespaceHTMLElements=False)
    parents = {child: parent for parent in tree.iter() for child in parent}
    for a in tree.iter("a"):
        if a.get("href") != "LINK" or hidden(a):
            continue
        up = a
        while up in parents:
            up = parents[up]
            if hidden(up):
                break
        else:
            return True
    return False


def main(program, count, seed=1):
    chance = random.Random(seed)
    makers = (wild, wild, nested, good)
    bodies = [makers[i % 4](chance) for i in range(count)]
    data = b"".join(top.encode() + b.encode() + b"\0" for b in bodies
                    for top in (TOP, BARE[0]))
    answers = subprocess.run([program], input=data, check=True,
                             stdout=subprocess.PIPE).stdout.split(b"\n")
    bad = accepted = refused = 0
    for i, body in enumerate(bodies):
        for k, (top, end) in enumerate(((TOP, END), BARE)):
            clear = answers[2 * i + k].startswith(b"0")
            accepted += clear
            refused += not clear
            if clear and not seen(top + body + end):
                print(f"hidden, and accepted: {body!r}")
            elif not clear and i % 4 == 3:
                print(f"in good order, and refused: {body!r}")
            else:
                continue
            bad += 1
    print(f"{accepted} accepted, {refused} refused, {bad} wrong")
    return 1 if bad or accepted < count / 4 or refused < count / 4 else 0


sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
