using System.Text;
using Refrag.Composition.Interpolation;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Composition.Conformance.Fuzzing;

/// <summary>
/// What must hold for every text with interpolations, as the value of a key and as one element: no exception; a value or problems RF13xx;
/// the same answer twice; a text without <c>${</c> is itself but for its escapes.
/// </summary>
internal sealed class InterpolationCheck : IFuzzCheck
{
    private const string Configuration =
        "a: 1\nb: {c: '${a}', d: [x, '${b.c}', '${..a}']}\nlist: [1, 2.5, true, null, '???']\ntext: hi\nname: a\nempty: {}\ncycle: "
            + "'${cycle2}'\ncycle2: '${cycle}'\nopen: ???\n";

    private static readonly string[] Pieces =
    [
        "${", "${", "${", "}", "}", "}", "${a}", "${b.c}", "${b[c]}", "${list.0}", "${list[1]}", "${.a}", "${..b}", "${...a}",
        "${b.${name}}", "${${name}}", "${cycle}", "${open}", "${absent}",
        "${oc.env:X}", "${oc.env:HOME,d}", "${oc.select:a,1}", "${oc.select:absent,[1,2]}", "${oc.decode:'[1,2]'}", "${oc.create:{x:1}}",
        "${oc.dict.keys:b}", "${oc.dict.values:b}",
        "${oc.deprecated:a}", "${now:%Y-%m-%d}", "${unknown:x}", "${oc.env:", "${oc.select:", "oc.decode:", ":", ",", "[", "]", "{", "}",
        "\\", "\\\\", "\\$", "\\${", "'", "\"", ".", "..", " ", "\t",
        "$", "$$", "a", "b.c", "list", "1", "1.5", "true", "null", "inf", "???", "é", "😀", "\ud800", "\n", "\0", "-", "+", "*", "/", "%",
        "@", "?", "|", "(", ")", "=", "<",
    ];

    private static readonly ConfigNode Root = ConfigYaml.Read(Configuration, "x.yaml").Value;

    public string Text(Chance chance)
    {
        var text = new StringBuilder();
        for (int i = chance.Next(12); i >= 0; i--) text.Append(chance.Pick(Pieces));
        return text.ToString();
    }

    public string? Failure(string text, out bool accepted)
    {
        var interpolator = new Interpolator(Root, ConfigResolvers.Standard);
        Result<ConfigNode> first = interpolator.Evaluate(text);
        accepted = first.IsSuccess;
        string? wrong = Wrong(first) ?? Wrong(interpolator.EvaluateElement(text)) ?? Wrong(interpolator.Select(text), "RF1");
        if (wrong is not null) return wrong;
        Result<ConfigNode> second = new Interpolator(Root, ConfigResolvers.Standard).Evaluate(text);
        if (first.IsSuccess != second.IsSuccess || (accepted && !first.Value.Equals(second.Value)))
            return "answers differently the second time";
        bool isPlain = !text.Contains("${", StringComparison.Ordinal) && text != "???";
        return isPlain && accepted && first.Value is not ConfigScalar { Text: not null } ? $"a text became {first.Value}" : null;
    }

    private static string? Wrong(Result<ConfigNode> result, string code = "RF13")
    {
        if (result.TryGet(out _, out IReadOnlyList<Problem> problems)) return null;
        if (problems.Count == 0) return "no problem";
        return problems.All(problem => problem.Code.StartsWith(code, StringComparison.Ordinal) && ProblemText.Render(problem).Length > 0)
            ? null
            : $"code {problems[0].Code}";
    }
}
