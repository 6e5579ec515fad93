"""Makes conformance vectors of the category yaml with PyYAML as the reference, read as OmegaConf reads.

    python3 yaml_vectors.py COUNT SEED > vectors.jsonl
    Refrag.Composition.Conformance vectors.jsonl

Needs PyYAML. The texts are made by a grammar, then damaged, or of pieces in any order.
"""
import json
import random
import re
import sys

import yaml

PIECES = (
    ["\n", "\n", "\n  ", "\n    ", "\n- ", "\n  - ", " ", "  ", ": ", ":", ": ", "- ", "-", "? ", "?", ", ", ",", "[", "]", "{", "}", "#",
        " # c", "&a ", "*a", "&b ", "*b", "*", "&",
     "! ", "!", "!!str ", "!!int ", "!!float ", "!!bool ", "!!null ", "!!seq ", "!!map ", "!!binary ", "!x ",
     "!<tag:yaml.org,2002:str> ", "|", ">", "|-", ">-", "|+", ">+", "|2", ">1-",
     "|\n", ">\n", "|-\n  ", ">\n  ", "'", "\"", "''", "\\", "\\n", "\\x41", "\\u20ac", "\\q", "\\\n", "%", "@", "`", "~", "<<", "<<: ",
     "=", "---", "...", "--- ", "\n---\n", "\n...\n",
     "\t", "\r\n", "\r", "\x85", "\u2028", "\ufeff", "\x07", "%YAML 1.1\n", "%TAG !e! tag:e.org,2000:\n", "!e!x "]
    + ("a b key null Null true Yes no off on y 0 1 -1 +1 007 08 0o7 0x1F 0b101 1_000 1__0 _1 1. .5 1e3 1E-3 1.5e+3 1e "
       "1:30 1:30.5 190:20:30 .inf -.inf .nan .NaN inf nan 2001-01-01 é 漢 😀 ??? ${a} ${a:b} ${a:{b:c}} a:b a#b a,b -a ?a :a").split(" ")
)
WORDS = ["a", "b", "c", "key", "x y", "1", "007", "0x1F", "1e3", ".5", "1_000", "1:30", "yes", "null", "~", "", "???", "${a}", "'q'",
    "\"d\"", "'it''s'", "\"\\t\\u20ac\"", "2001-01-01",
         "a:b", "a#b", "-a", "?a", ":a", "*}b", "1 *}b", "a!b", "!x", "a%b", "%a", "a\\b", "\\a", "a`b", "`a", "@a", "a@b", "a|b",
         "a>b", "&a 1", "*a", "!!str 1", "!!int '3'", "! 12", "! '12'", "=", "<<",
         "é", "😀", "a, b", "a ]", "}", "a\n  b", "'a\n  b'", "\"a\\\n  b\"", "|\n   t\n    u\n", ">\n   t\n   u\n\n   v\n", "a'b",
         "a\"b", "'a'b", "'a' b", "a: b", "a:", "- a", "? a"]


class Loader(yaml.SafeLoader):
    def construct_mapping(self, node, deep=False):
        seen = set()
        for key, _ in node.value:
            if key.tag != yaml.resolver.BaseResolver.DEFAULT_SCALAR_TAG:
                continue
            if key.value in seen:
                raise yaml.constructor.ConstructorError("", None, "duplicate key", key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


Loader.add_implicit_resolver(
    "tag:yaml.org,2002:float",
    re.compile(r"""^(?:[-+]?[0-9]+(?:_[0-9]+)*\.[0-9_]*(?:[eE][-+]?[0-9]+)?
    |[-+]?[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+)
    |\.[0-9]+(?:_[0-9]+)*(?:[eE][-+][0-9]+)?
    |[-+]?[0-9]+(?:_[0-9]+)*(?::[0-5]?[0-9])+\.[0-9_]*
    |[-+]?\.(?:inf|Inf|INF)
    |\.(?:nan|NaN|NAN))$""", re.X),
    list("-+0123456789."),
)
Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in Loader.yaml_implicit_resolvers.items()
}


def canonical(value, key=False):
    if value is None and not key or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return {"$f": repr(value)}
    if isinstance(value, bytes):
        return {"$b": value.hex()}
    if isinstance(value, list) and not key:
        return [canonical(item) for item in value]
    if isinstance(value, dict) and not key:
        return {"$d": [[canonical(k, key=True), canonical(v)] for k, v in value.items()]}
    raise TypeError(type(value))


def expected(text):
    try:
        value = yaml.load(text, Loader)
        if value is None:
            value = {}
        elif isinstance(value, str):
            value = {value: None}
        elif not isinstance(value, (dict, list)):
            raise TypeError("no container")
        out = {"value": canonical(value)}
        json.dumps(out).encode("utf-8")
        json.dumps(out, ensure_ascii=False).encode("utf-8")
        return out
    except (yaml.YAMLError, TypeError, ValueError, RecursionError, KeyError, AttributeError, IndexError, OverflowError) as problem:
        return {"error": {"class": type(problem).__name__, "message": str(problem)}}


def node(chance, depth, indent, flow):
    kind = chance.randrange(8)
    if depth > 3 or kind < 4:
        return chance.choice(WORDS)
    if kind == 4 or flow and kind > 5:
        return "[" + chance.choice([", ", ","]).join(
            node(chance, depth + 1, indent, True) for _ in range(chance.randrange(4))) + chance.choice(["", "", "", ","]) + "]"
    if kind == 5 or flow:
        return "{" + chance.choice([", ", ","]).join(
            chance.choice(WORDS) + chance.choice([": ", ": ", ":"]) + node(chance, depth + 1, indent, True)
            for _ in range(chance.randrange(4))) + "}"
    pad = "\n" + " " * indent
    if kind == 6:
        return "".join(pad + "- " + node(chance, depth + 1, indent + 2, False) for _ in range(1 + chance.randrange(3)))
    return "".join(
        pad + chance.choice(WORDS) + ": " + node(chance, depth + 1, indent + chance.choice([0, 2, 2, 2]), False)
        for _ in range(1 + chance.randrange(3)))


def text(chance):
    kind = chance.randrange(10)
    if kind < 2:
        return "".join(chance.choice(PIECES) for _ in range(1 + chance.randrange(12)))
    made = "".join(f"{chance.choice(WORDS)}: {node(chance, 1, 2, False)}\n" for _ in range(1 + chance.randrange(2)))
    if kind < 6:
        return made
    for _ in range(1 + chance.randrange(2)):
        at = chance.randrange(len(made) + 1)
        made = made[:at] + made[at + 1:] if chance.randrange(3) == 0 else made[:at] + chance.choice(PIECES) + made[at:]
    return made


def main():
    count, seed = int(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(seed)
    for i in range(count):
        made = text(chance)
        print(json.dumps({"id": f"pyyaml-{seed}-{i}", "cat": "yaml", "src": "generated", "in": {"text": made}, "out": expected(made)}))


main()
