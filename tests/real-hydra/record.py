"""Finds the Hydra programs of repositories and records what Hydra composes for their command lines, as conformance vectors.

    python3 record.py REPOSITORIES WORK [LIMIT]

Reads repositories.tsv beside this file. A repository OWNER/NAME is a clone or a git directory at REPOSITORIES/OWNER/NAME,
REPOSITORIES/NAME or REPOSITORIES/OWNER+NAME/repo; what is not there is left out. Needs Hydra and OmegaConf on PYTHONPATH.
WORK gets trees/ (the repositories at their commits), vectors.jsonl, fixtures.json, and starts.tsv: repository, folder, script, words.

The lines of a program are its own, from the READMEs and scripts of its repository; and for each option of its configuration one that
chooses it, at most LIMIT (default 40) of these for a program, spread over all of them.
"""
import hashlib
import json
import re
import shlex
import subprocess
import sys
import warnings
from pathlib import Path

from hydra import compose, initialize_config_dir
from hydra.core.global_hydra import GlobalHydra
from omegaconf import DictConfig, ListConfig, OmegaConf

TEXTS = (".py", ".yaml", ".yml", ".md", ".sh", ".rst")
MAIN = re.compile(r"^\s*@\s*hydra\.main\s*\((?P<arguments>[^)]*)\)", re.M)
LINE = re.compile(r"(?:^|\s)(?:python3?|uv run|accelerate launch|torchrun)\s[^\n#>|;&]*", re.M)
OVERRIDE = re.compile(r"^(\+\+?|~)?[A-Za-z_][\w./@-]*(=.*)?$")


def literal(arguments, name):
    found = re.search(rf"\b{name}\s*=\s*r?([\"'])([^\"']*)\1", arguments)
    return found and found.group(2)


def git_directory(root, repository):
    owner, name = repository.split("/")
    for place in (root / owner / name, root / name, root / f"{owner}+{name}" / "repo"):
        if place.exists():
            return place / ".git" if (place / ".git").exists() else place
    return None


def unpack(git, commit, folder):
    """Only texts: a snapshot may lack the large files."""
    if folder.exists():
        return
    listed = subprocess.run(["git", f"--git-dir={git}", "ls-tree", "-r", "--name-only", commit], check=True, capture_output=True, text=True)
    kinds = [kind for kind in TEXTS if any(name.endswith(kind) for name in listed.stdout.splitlines())]
    archive = subprocess.run(
        ["git", f"--git-dir={git}", "archive", commit, "--", *(f"*{kind}" for kind in kinds)], check=True, capture_output=True)
    folder.mkdir(parents=True)
    subprocess.run(["tar", "x", "-C", folder], input=archive.stdout, check=True)


def programs(tree):
    """Scripts with @hydra.main; folder and name of their configuration where these are literal and there."""
    for script in sorted(tree.rglob("*.py")):
        main = MAIN.search(script.read_text(errors="replace"))
        if main is None or {"tests", "test"} & set(script.relative_to(tree).parts):
            continue
        path, name = (literal(main["arguments"], key) for key in ("config_path", "config_name"))
        folder = (script.parent / path).resolve() if path is not None else None
        name = name.removesuffix(".yaml") if name is not None else None
        if folder is None or name is None or not (folder / f"{name}.yaml").is_file():
            folder = None
        base = literal(main["arguments"], "version_base")
        yield script, folder, name, base if base or "version_base" in main["arguments"] else "1.1"


def own_lines(tree, script):
    """What the repository's own texts type behind the script's name."""
    name = script.relative_to(tree)
    for text in sorted(path for kind in ("*.md", "*.sh", "*.rst") for path in tree.rglob(kind)):
        joined = re.sub(r"\\\n\s*", " ", text.read_text(errors="replace"))
        for line in LINE.findall(joined):
            try:
                words = shlex.split(line)
            except ValueError:
                continue
            at = next((i for i, word in enumerate(words) if word.endswith(".py") and str(name).endswith(word.lstrip("./"))), None)
            rest = [] if at is None else words[at + 1:]
            if rest and all(OVERRIDE.match(word) and not re.search(r"[$`<>]", word) for word in rest):
                yield rest


def option_lines(folder, name, limit):
    options = sorted(path.relative_to(folder).with_suffix("") for path in folder.rglob("*.yaml") if path.parent != folder)
    step = max(1, -(-len(options) // limit))
    for option in options[::step]:
        yield [f"{option.parent}={option.name}"], [f"+{option.parent}={option.name}"]


def canonical(node):
    if isinstance(node, DictConfig):
        if node._is_none():
            return None
        if node._is_interpolation() or node._is_missing():
            return node._value()
        return {"$d": [[scalar(key), canonical(node._get_node(key))] for key in node._content]}
    if isinstance(node, ListConfig):
        if node._is_none():
            return None
        if node._is_interpolation() or node._is_missing():
            return node._value()
        return [canonical(item) for item in node._content]
    return scalar(node._value())


def scalar(value):
    if isinstance(value, bool) or value is None or isinstance(value, (int, str)):
        return value
    if isinstance(value, float):
        return {"$f": str(value)}
    if isinstance(value, bytes):
        return {"$b": value.hex()}
    return str(value)


def answer(name, words):
    try:
        config = compose(name, overrides=words, return_hydra_config=True)
    except Exception as refusal:  # whatever Hydra, OmegaConf and PyYAML raise
        return {"error": {"class": type(refusal).__name__, "message": str(refusal)[:300]}}
    choices = {key: value for key, value in config.hydra.runtime.choices.items() if not key.startswith("hydra/")}
    OmegaConf.set_struct(config, False)
    del config["hydra"]
    return {"config": canonical(config), "choices": choices, "yaml": OmegaConf.to_yaml(config)}


def vectors_of(repository, program, own, limit, fixtures):
    script, folder, name, base = program
    if folder is None:
        return
    files = {str(path.relative_to(folder)): path.read_text(errors="replace") for path in sorted(folder.rglob("*.yaml"))}
    fixture = hashlib.sha256(json.dumps(files).encode()).hexdigest()[:10]
    fixtures[fixture] = [files]
    GlobalHydra.instance().clear()
    with initialize_config_dir(str(folder), version_base=base, job_name=script.stem):
        for words, out in [*((words, answer(name, words)) for words in own), *option_answers(folder, name, limit)]:
            question = {"fixture": fixture, "config": name, "overrides": words, "mode": "RUN"}
            yield {"cat": "compose-tree", "src": repository, "in": question, "out": out}


def option_answers(folder, name, limit):
    """Of the two forms of an option, the one that Hydra composes."""
    for plain, added in option_lines(folder, name, limit):
        out = answer(name, plain)
        other = answer(name, added) if "error" in out else out
        yield (added, other) if "error" in out and "error" not in other else (plain, out)


def main():
    root, work = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else 40
    warnings.simplefilter("ignore")
    fixtures, seen, absent = {}, set(), []
    with open(work / "vectors.jsonl", "w") as vectors, open(work / "starts.tsv", "w") as starts:
        for row in (Path(__file__).parent / "repositories.tsv").read_text().splitlines():
            if row.startswith("#"):
                continue
            repository, commit = row.split("\t")
            git = git_directory(root, repository)
            if git is None:
                absent.append(repository)
                continue
            tree = work / "trees" / repository
            unpack(git, commit, tree)
            for program in programs(tree):
                own = [[], *(list(line) for line in sorted(set(map(tuple, own_lines(tree, program[0])))))]
                script = str(program[0].relative_to(tree))
                for words in own:
                    starts.write("\t".join([repository, str(tree), script, shlex.join(words)]) + "\n")
                for vector in vectors_of(repository, program, own, limit, fixtures):
                    key = json.dumps(vector["in"])
                    if key not in seen:
                        seen.add(key)
                        vectors.write(json.dumps({"id": f"{repository}-{len(seen)}", **vector}) + "\n")
            vectors.flush()
    (work / "fixtures.json").write_text(json.dumps(fixtures))
    print(f"{len(seen)} lines; not here: {', '.join(absent) or 'none'}")


main()
