using System.Text;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.Tests.Problems;

/// <summary>
/// What users read of files, interpolations, merging, defaults lists, composing and schemas: one of each kind, in
/// <c>configuration.golden.txt</c>.
/// </summary>
public sealed class ConfigurationProblemTests
{
    private static readonly string[] Documents =
    [
        "a:\tb", "a: @b", "a: [|]", "a: 1\nb\n", "a: - b", "a: ? b", "a: b: c", "a: 'b", "a: \"b", "a: 'x\n---\ny'", "a: \"C:\\dir\"",
        "a: \"\\u12\"", "a: *.txt", "a: &", "a: !{x}", "a: !e!x 1",
        "%YAML 2.0\n---\na: 1", "%YAML 1.1\n%YAML 1.1\n---\na: 1", "%1\na: 1", "a: | x\n", "a: [1, 2", "a: [1 2\nb: 3", "a: {b: 1, c",
        "a: 'b' c", "- a\nb: 1", "a: ]", "'a' b", "a: \u0007",
        "--- {a: 1}\n--- {b: 2}", "a: 1\na: 2", "? [1]\n: x", "null: 1", "a:\n  <<: 1", "a: *b", "a: &a [*a]", "a: &x 1\nb: &x 2",
        "a: !!int x", "a: !!set {x}", "a: <<", "3",
    ];

    private static readonly string[] Interpolations =
    [
        "a: ${bc}\nbd: 1", "a: ${b\nb: 1", "a: ${b}\nb: ${a}", "a: ${b}\nb: ???", "a: ${oc.evn:X}", "a: ${oc.env:X}", "a: ${oc.env:}",
        "a: ${oc.env:1}", "a: ${oc.decode:'[1'}", "a: ${oc.create:1}",
        "a: ${oc.dict.keys:b}\nb: 1", "a: ${..b}", "a: ${b.c}\nb: 1", "a: ${b.c}\nb: [1]", "a: {b: '${a}'}", "a: ${${b}}\nb: 1",
        "a: ${now:%Q}", "a: ${hydra:job.nam}",
    ];

    private static readonly (string Files, string Overrides)[] Commands =
    [
        ("== config\ndefaults: x\n", ""), ("== config\ndefaults:\n  - db: no\n== db/mysql\nx: 1\n", ""),
        ("== config\ndefaults:\n  - bd: mysql\n== db/mysql\nx: 1\n", ""),
        ("== config\ndefaults:\n  - no\n", ""), ("== config\ndefaults:\n  - db: ???\n== db/mysql\nx: 1\n", ""),
        ("== config\ndefaults:\n  - db: mysql\n  - db: mysql\n== db/mysql\nx: 1\n", ""),
        ("== config\ndefaults:\n  - override db: mysql\n== db/mysql\nx: 1\n", ""),
        ("== config\ndefaults:\n  - db: ${absent}\n== db/mysql\nx: 1\n", ""), ("== config\ndefaults:\n  - _self_\n  - _self_\n", ""),
        ("== config\ndefaults:\n  - {a: 1, b: 2}\n", ""), ("== config\nx: 1\n== db/mysql\nx: 1\n", "db=mysql"),
        ("== config\nx: 1\n== db/mysql\nx: 1\n", "+db=mysq"), ("== config\nx: 1\n", "~db"),
        ("== config\nx: 1\n", "y=1"), ("== config\nx: {aa: 1}\n", "x.ab=1"), ("== config\nx: 1\n", "+x=1"), ("== config\nx: 1\n", "~y"),
        ("== config\nx: 1\n", "~x=2"), ("== config\nx: 1\n", "db@y=1"), ("== config\ndefaults:\n  - x.yml\n", ""),
        ("== config\ndefaults:\n  - g: o\n== g/o\nhydra: {searchpath: [a]}\n", ""),
        ("== config\nx: 1\n", "x=1,2"), ("== config\nx: 1\n", "x=range(3)"), ("== config\nx: 1\n", "x=[choice(1,2)]"),
        ("== config\nx: 1\n", "x=extend_list(1)"), ("== config\n- 1\n", ""),
        ("== config\ndefaults:\n  - db: list\nx: 1\n== db/list\n# @package _global_\n- 1\n", ""), ("== config\nx: [1]\n", "x.5=1"),
        ("== config\nx: [1]\n", "x.y=1"), ("== config\nx: {a: 1}\n", "x={b: 1}"), ("== nothing\nx: 1\n", ""),
        ("== config\n# @package a b\nx: 1\n", ""), ("== config\ndefaults:\n  - db: mysql\n== db/mysql\nx: 1\n", "db=postgres"),
        ("== config\nx: 1\n== db/mysql\nx: 1\n", "++db=mysql"), ("== config\nhydra: {searchpath: 1}\n", ""),
        ("== config\ndefaults:\n  - a\n  - db: x\n== b\ny: 1\n== db/x\nz: 1\n", ""),
        ("== config\ndefaults:\n  - db: mysql\n  - b\n== b\ndefaults:\n  - db: other\n== db/mysql\nx: 1\n== db/other\nx: 1\n", ""),
        ("== config\ndefaults:\n  - override db: mysql\n  - db: other\n== db/mysql\nx: 1\n== db/other\nx: 1\n", ""),
        ("== config\ndefaults:\n  - db: mysql\n  - env: ${db}\n== db/mysql\nx: 1\n== env/mysql\ndefaults:\n  - override /db: mysql\n", ""),
        ("== config\ndefaults:\n  - db: mysql\n== db/mysql\nx: 1\n", "~db=other"),
        ("== config\ndefaults:\n  - db@store: mysql\n== db/mysql\nx: 1\n", "~db"),
        ("== config\ndefaults:\n  - db: [mysql, '${x}']\n== db/mysql\nx: 1\n", ""), ("== config\ndefaults:\n  - db: ..\\\\up\n", ""),
        ("== config\ndefaults:\n  - ../secret\n", ""),
        ("== config\ndefaults:\n  - config\n", ""), ("== config\ndefaults:\n  - db: mysql\n== db/mysql\nx: 1\n", "db=1"),
        ("== config\ndefaults:\n  - db: mysql\n== db/mysql\nx: 1\n", "db=null"),
        ("== config\ndefaults:\n  - db: mysql\n== db/mysql\nx: 1\n", "~db=[1]"), ("== config\nx: ???\n", ""),
        ("== config\nx: 1\n", "x=2 x=3"), ("== config\nx: [1]\ny: {a: 1}\n", "x={a: 1}"), ("== config\ny: {a: 1}\n", "y=[1]"),
        ("== config\nx: ???\n", "++x.y=1"), ("== config\nx: [1]\n", "++x.3=1"), ("== config\nx: [1]\n", "++x.y=1"),
    ];

    private const string Schema =
        "keys:\n  n: {type: int, min: 1, max: 8, default: 2, description: How many.}\n  s: {type: string, enum: [red, green]}\n  q: {type: "
            + "int, required: true}\nclosed: true\n";

    private static readonly string[] Bodies = ["n: x\nq: 1", "n: 9\nq: 1", "s: gren\nq: 1", "n: null\nq: 1", "n: 1", "q: 1\nm: 2"];

    private static readonly string[] Schemas = ["- 1", "keys: 1", "keys: {a: itn}", "keys: {a: {typ: int}}",
        "keys: {a: {type: int, min: x}}", "keys: {a: {enum: 1}}", "closed: x"];

    // Each line has ten of the line above: a million nodes in seven short lines.
    private static readonly string Bomb =
        string.Concat(
            Enumerable.Range(0, 7).Select(i => $"k{i}: &a{i} [{string.Join(", ", Enumerable.Repeat(i == 0 ? "x" : $"*a{i - 1}", 10))}]\n"));

    [Fact]
    public void Render_EachKind_IsTheGoldenText()
    {
        var text = new StringBuilder();
        foreach (string document in Documents) Append(text, document, ConfigYaml.Read(document, "conf/x.yaml").Problems);
        var options = new ComposerOptions { Environment = _ => null, Job = new JobFacts { Name = "x" } };
        foreach (string body in Interpolations) Append(text, body, Resolve(body, options));
        foreach (var (files, overrides) in Commands) Append(text, $"{overrides}\n{files}", Compose(files, overrides, options));
        foreach (string body in Bodies)
            Append(text, body, Compose($"== config\ndefaults:\n  - g: o\n== g/o\n{body}\n== g/_schema\n{Schema}", "", options));
        Append(text, "a misspelt key",
            Compose($"== config\ndefaults:\n  - g: o\n== g/o\nprot: 1\n== g/_schema\nkeys: {{port: int}}\n", "", options));
        foreach (string schema in Schemas)
            Append(text, schema, Compose($"== config\ndefaults:\n  - g: o\n== g/o\nx: 1\n== g/_schema\n{schema}\n", "", options));
        Append(text, "201 interpolations in a row",
            [Resolve(string.Concat(Enumerable.Range(0, 202).Select(i => $"k{i}: ${{k{i + 1}}}\n")) + "k202: 1", options)[0] with
            {
                Place = null,
            }]);
        Append(text, "a key of 201 parts",
            [.. Compose("== config\nx: 1\n", $"++{string.Join('.', Enumerable.Repeat("a", 201))}=1", options)
                .Select(problem => problem with { Place = null })]);
        Append(text, "aliases of aliases", ConfigYaml.Read(Bomb, "conf/x.yaml").Problems);
        Append(text, "brackets 600 deep",
            ConfigYaml.Read($"a: {new string('[', 600)}", "conf/x.yaml").Problems
                .Select(problem => problem with { Place = null }).ToList());
        Append(text, "a folder that is not there", new Composer(SearchPath.FromDirectory("no/such/folder")).Compose("config", []).Problems);
        GoldenFile.Check("configuration", text.ToString());
    }

    private static IReadOnlyList<Problem> Compose(string files, string overrides, ComposerOptions options)
    {
        var composer = new Composer(SearchPath.FromMemory(Composing.Tree.Files(files), "conf"), options);
        // A space parts arguments, but not inside of a value.
        string[] arguments = overrides.Contains('{') ? [overrides] : overrides.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return composer.Compose("config", arguments).TryGet(out var composition, out var problems) ? composition.Check() : problems;
    }

    private static IReadOnlyList<Problem> Resolve(string body, ComposerOptions options) =>
        new Composer(SearchPath.FromMemory(Composing.Tree.Files($"== config\n{body}\n"), "conf"), options).Compose(
            "config", []).TryGet(out var composition, out var problems) ? composition.Resolve(allowMissing: true).Problems : problems;

    private static void Append(StringBuilder text, string given, IReadOnlyList<Problem> problems)
    {
        string shown = given.Replace("\u0007", "<BEL>", StringComparison.Ordinal)
            .Replace("\t", "<TAB>", StringComparison.Ordinal).TrimEnd();
        text.Append("=====\n")
            .Append(shown)
            .Append("\n-----\n")
            .Append(problems.Count == 0
            ? "(no problem)"
            : ProblemText.Render(problems).Replace("\u0007", "<BEL>", StringComparison.Ordinal)).Append("\n\n");
    }
}
