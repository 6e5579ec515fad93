using Refrag.Composition.Conformance.Vectors;
using Refrag.Composition.Interpolation;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.Conformance.Categories;

/// <summary><c>grammar</c>: a text resolved in the configuration that the reference's own tests of its grammar use.</summary>
internal sealed class GrammarCategory : ICategory
{
    private const string Configuration =
        """
        str: hi
        int: 123
        float: 1.2
        dict: {a: 0, b: {c: 1}}
        list: [-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
        "null": null
        x@y: 123
        $x$y$z$: 456
        "0": 0
        FalsE: {TruE: true}
        None: {"null": 1}
        "1": {"2": 12}
        str_test: test
        ref_str: str
        options: {a: A, b: B}
        choice: a
        rel_opt: .options
        """;

    private static readonly ConfigNode Root = ConfigYaml.Read(Configuration, "grammar.yaml").Value;

    public IReadOnlyList<string> Names { get; } = ["grammar"];

    public Outcome Run(VectorCase vector)
    {
        var interpolator = new Interpolator(Root, TestResolvers.All);
        string text = vector.Text("input");
        Result<ConfigNode> result = vector.Text("rule") == "singleElement"
            ? interpolator.EvaluateElement(text)
            : interpolator.Evaluate(text);
        return result.TryGet(out ConfigNode? node, out IReadOnlyList<Problem> problems)
            ? new Outcome.Answer(NodeJson.Answer(node))
            : Outcome.Problems(problems);
    }
}

/// <summary>The resolvers that the reference's tests register.</summary>
internal static class TestResolvers
{
    public static ConfigResolvers All { get; } = ConfigResolvers.Standard
        .With("test", Test)
        .With("ns1.ns2.test", Test)
        .With("identity", Test)
        .With("first", call => ((ConfigMapping)call.Arguments[0])[0].Key.Scalar)
        .With("add", call => ConfigScalar.Of(call.Arguments.Sum(argument => ((ConfigScalar)argument).Int64.GetValueOrDefault())));

    // One argument is given back; any other number of them as a list.
    private static Result<ConfigNode> Test(ResolverCall call) =>
        call.Arguments.Count == 1 ? call.Arguments[0] : ConfigList.Of(call.Arguments);
}
