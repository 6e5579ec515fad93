using CsCheck;
using Refrag.Composition.Tree;

namespace Refrag.Composition.Tests.Composing;

public sealed class ComposingProperties
{
    private static readonly Gen<string> Name = OneOf("a", "b", "c");

    // A few keys and two levels, so that files and overrides meet often.
    private static readonly Gen<string> Body = Gen.Dictionary(Name, Gen.OneOf(
        Gen.Int[0, 9].Select(number => $" {number}\n"),
        OneOf(" null\n", " ???\n", " text\n"),
        Gen.Dictionary(Name, Gen.Int[0, 9])[1, 3].Select(
            below => "\n" + string.Concat(below.Select(pair => $"  {pair.Key}: {pair.Value}\n")))))[0, 3]
        .Select(keys => keys.Count == 0 ? "{}\n" : string.Concat(keys.Select(pair => $"{pair.Key}:{pair.Value}")));

    private static readonly Gen<string> Argument =
        Gen.Select(OneOf("", "+", "++", "~"), Name, OneOf("", ".a", ".b"), OneOf("1", "null", "{a:1}", "x"))
            .Select((sign, key, below, value) => sign == "~" ? $"~{key}{below}" : $"{sign}{key}{below}={value}");

    private static readonly Gen<(List<string> Bodies, List<string> Arguments)> Case = Gen.Select(Body.List[1, 5], Argument.List[0, 4]);

    [Fact]
    public void Compose_TwiceAndByAnotherComposer_IsTheSame() => Case.Sample(made =>
    {
        var first = Compose(made.Bodies, made.Arguments);
        var second = Compose(made.Bodies, made.Arguments);
        return first.IsSuccess == second.IsSuccess
            && (first.IsSuccess
            ? first.Value.Config.ToString() == second.Value.Config.ToString()
            : first.Problems.SequenceEqual(second.Problems));
    });

    [Fact]
    public void Compose_FilesInOrder_TheLastThatSetsAValueWins() => Gen.Int[0, 9].List[1, 8].Sample(values =>
    {
        var bodies = values.Select(value => $"a: {value}\n").ToList();
        return Compose(bodies, []).Value.Config["a"]!.Equals(ConfigScalar.Of(values[^1]));
    });

    [Fact]
    public void Explain_EveryLeaf_EndsWithItsValue() => Case.Sample(made =>
    {
        if (!Compose(made.Bodies, made.Arguments).TryGet(out var composition, out _)) return;
        foreach (var (key, value) in Leaves("", composition.Config))
        {
            var last = composition.Explain(key).LastOrDefault(step => !step.IsShadowed);
            Assert.True(last?.Value == ValueText.Of(value),
                $"{key}: {ValueText.Of(value)}, but {last}\n{string.Join("---\n", made.Bodies)}\n{string.Join(' ', made.Arguments)}");
        }
    });

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static Result<Composition> Compose(List<string> bodies, List<string> arguments)
    {
        var files = bodies.Select((body, i) => (Name: $"f{i}", body)).ToDictionary(file => $"{file.Name}.yaml", file => file.body);
        files["config.yaml"] = "defaults:\n" + string.Concat(bodies.Select((_, i) => $"  - f{i}\n"));
        return Files.Composer(files).Compose("config", arguments);
    }

    private static IEnumerable<(string Key, ConfigNode Value)> Leaves(string path, ConfigNode node)
    {
        if (node is not ConfigMapping mapping) return path.Length == 0 ? [] : [(path, node)];
        return mapping.SelectMany(entry => Leaves(path.Length == 0 ? entry.Key.ToString() : $"{path}.{entry.Key}", entry.Value));
    }
}
