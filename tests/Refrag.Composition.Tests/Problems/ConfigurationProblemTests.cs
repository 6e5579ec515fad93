using System.Text;
using Refrag.Composition.Merging;
using Refrag.Composition.Tests.Composing;
using Refrag.Composition.Tests.Overrides;
using Refrag.Composition.Yaml;
using Tree = Refrag.Composition.Tests.Composing.Tree;

namespace Refrag.Composition.Tests.Problems;

/// <summary>What users read of files, interpolations, merging, defaults lists, composing and schemas: one of each kind, in <c>configuration.golden.txt</c>.</summary>
public sealed class ConfigurationProblemTests
{
    private static readonly string[] Documents =
    [
        "a:\tb", "a: @b", "a: [|]", "a: 1\nb\n", "a: - b", "a: ? b", "a: b: c", "a: 'b", "a: \"b", "a: 'x\n---\ny'", "a: \"C:\\dir\"", "a: \"\\u12\"", "a: *.txt", "a: &", "a: !{x}", "a: !e!x 1",
        "%YAML 2.0\n---\na: 1", "%YAML 1.1\n%YAML 1.1\n---\na: 1", "%1\na: 1", "a: | x\n", "a: [1, 2", "a: [1 2\nb: 3", "a: {b: 1, c", "a: 'b' c", "- a\nb: 1", "a: ]", "'a' b", "a: \u0007",
        "--- {a: 1}\n--- {b: 2}", "a: 1\na: 2", "? [1]\n: x", "null: 1", "a:\n  <<: 1", "a: *b", "a: &a [*a]", "a: &x 1\nb: &x 2", "a: !!int x", "a: !!set {x}", "a: <<", "3",
    ];

    private static readonly string[] Interpolations =
    [
        "a: ${bc}\nbd: 1", "a: ${b\nb: 1", "a: ${b}\nb: ${a}", "a: ${b}\nb: ???", "a: ${oc.evn:X}", "a: ${oc.env:X}", "a: ${oc.env:}", "a: ${oc.env:1}", "a: ${oc.decode:'[1'}", "a: ${oc.create:1}",
        "a: ${oc.dict.keys:b}\nb: 1", "a: ${..b}", "a: ${b.c}\nb: 1", "a: ${b.c}\nb: [1]", "a: {b: '${a}'}", "a: ${${b}}\nb: 1", "a: ${now:%Q}", "a: ${hydra:job.nam}",
    ];

    private static readonly (string Files, string Overrides)[] Commands =
    [
        ("== config\ndefaults: x\n", ""), ("== config\ndefaults:\n  - db: no\n== db/mysql\nx: 1\n", ""), ("== config\ndefaults:\n  - bd: mysql\n== db/mysql\nx: 1\n", ""),
        ("== config\ndefaults:\n  - no\n", ""), ("== config\ndefaults:\n  - db: ???\n== db/mysql\nx: 1\n", ""), ("== config\ndefaults:\n  - db: mysql\n  - db: mysql\n== db/mysql\nx: 1\n", ""),
        ("== config\ndefaults:\n  - override db: mysql\n== db/mysql\nx: 1\n", ""), ("== config\ndefaults:\n  - db: ${nobody}\n== db/mysql\nx: 1\n", ""), ("== config\ndefaults:\n  - _self_\n  - _self_\n", ""),
        ("== config\ndefaults:\n  - {a: 1, b: 2}\n", ""), ("== config\nx: 1\n== db/mysql\nx: 1\n", "db=mysql"), ("== config\nx: 1\n== db/mysql\nx: 1\n", "+db=mysq"), ("== config\nx: 1\n", "~db"),
        ("== config\nx: 1\n", "y=1"), ("== config\nx: {aa: 1}\n", "x.ab=1"), ("== config\nx: 1\n", "+x=1"), ("== config\nx: 1\n", "~y"), ("== config\nx: 1\n", "~x=2"), ("== config\nx: 1\n", "db@y=1"),
        ("== config\nx: 1\n", "x=1,2"), ("== config\nx: 1\n", "x=range(3)"), ("== config\nx: 1\n", "x=[choice(1,2)]"), ("== config\nx: 1\n", "x=extend_list(1)"), ("== config\n- 1\n", ""),
        ("== config\ndefaults:\n  - db: list\nx: 1\n== db/list\n# @package _global_\n- 1\n", ""), ("== config\nx: [1]\n", "x.5=1"), ("== config\nx: [1]\n", "x.y=1"), ("== config\nx: {a: 1}\n", "x={b: 1}"), ("== nothing\nx: 1\n", ""),
        ("== config\n# @package a b\nx: 1\n", ""), ("== config\ndefaults:\n  - db: mysql\n== db/mysql\nx: 1\n", "db=postgres"), ("== config\nx: 1\n== db/mysql\nx: 1\n", "++db=mysql"), ("== config\nhydra: {searchpath: 1}\n", ""),
    ];

    private const string Schema = "keys:\n  n: {type: int, min: 1, max: 8, default: 2, description: How many.}\n  s: {type: string, enum: [red, green]}\n  q: {type: int, required: true}\nclosed: true\n";

    private static readonly string[] Bodies = ["n: x\nq: 1", "n: 9\nq: 1", "s: gren\nq: 1", "n: null\nq: 1", "n: 1", "q: 1\nm: 2"];

    private static readonly string[] Schemas = ["- 1", "keys: 1", "keys: {a: itn}", "keys: {a: {typ: int}}", "keys: {a: {type: int, min: x}}", "keys: {a: {enum: 1}}", "closed: x"];

    [Fact]
    public void Render_EachKind_IsTheGoldenText()
    {
        var text = new StringBuilder();
        foreach (string document in Documents) Append(text, document, ConfigYaml.Read(document, "conf/x.yaml").Problems);
        var options = new ComposerOptions { Environment = _ => null, Job = new JobFacts { Name = "x" } };
        foreach (string body in Interpolations) Append(text, body, Resolve(body, options));
        foreach (var (files, overrides) in Commands) Append(text, $"{overrides}\n{files}", Compose(files, overrides, options));
        foreach (string body in Bodies) Append(text, body, Compose($"== config\ndefaults:\n  - g: o\n== g/o\n{body}\n== g/_schema\n{Schema}", "", options));
        foreach (string schema in Schemas) Append(text, schema, Compose($"== config\ndefaults:\n  - g: o\n== g/o\nx: 1\n== g/_schema\n{schema}\n", "", options));
        Append(text, "dot list", DotList.Read(["a.b", "=1"]).Problems);
        GoldenFile.Check("configuration", text.ToString());
    }

    private static IReadOnlyList<Problem> Compose(string files, string overrides, ComposerOptions options)
    {
        var composer = new Composer(SearchPath.FromMemory(Tree.Files(files), "conf"), options);
        string[] arguments = overrides.Length == 0 ? [] : [overrides];
        return composer.Compose("config", arguments).TryGet(out var composition, out var problems) ? composition.Check() : problems;
    }

    private static IReadOnlyList<Problem> Resolve(string body, ComposerOptions options) =>
        new Composer(SearchPath.FromMemory(Tree.Files($"== config\n{body}\n"), "conf"), options).Compose("config", []).Value.Resolve(allowMissing: true).Problems;

    private static void Append(StringBuilder text, string given, IReadOnlyList<Problem> problems)
    {
        string shown = given.Replace("\u0007", "<BEL>", StringComparison.Ordinal).Replace("\t", "<TAB>", StringComparison.Ordinal).TrimEnd();
        text.Append("=====\n").Append(shown).Append("\n-----\n").Append(problems.Count == 0 ? "(no problem)" : ProblemText.Render(problems).Replace("\u0007", "<BEL>", StringComparison.Ordinal)).Append("\n\n");
    }
}
