using System.Text.Json.Nodes;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;

namespace Refrag.Tests.Diagnosis;

/// <summary>Set-ups of Batch to diagnose, from the files beside this one.</summary>
internal static class SetupFiles
{
    private const string Log = "log: ";

    private static readonly HashSet<string> s_members =
        new(["name", "source", "causes", "account", "job", "submit", "log"], StringComparer.Ordinal);

    /// <summary>One fault or two at once, written beside the checks.</summary>
    public static IReadOnlyList<Setup> Broken { get; } = Read("broken.yaml");

    /// <summary>Nothing is wrong: no cause may be named.</summary>
    public static IReadOnlyList<Setup> Healthy { get; } = Read("healthy.yaml");

    /// <summary>From public reports, written before the checks were changed for them.</summary>
    public static IReadOnlyList<Setup> Reported { get; } = Read("reported.yaml");

    /// <summary>Written without knowledge of the checks.</summary>
    public static IReadOnlyList<Setup> Independent { get; } = Read("independent.yaml");

    /// <summary>Healthy ones, written without knowledge of the checks.</summary>
    public static IReadOnlyList<Setup> IndependentHealthy { get; } = Read("independent-healthy.yaml");

    /// <summary>From public reports, for measuring alone: the tables are not written from it.</summary>
    public static IReadOnlyList<Setup> HeldOut { get; } = Read("held-out.yaml");

    /// <summary>As <see cref="HeldOut"/>, collected after the tables were changed.</summary>
    public static IReadOnlyList<Setup> HeldOutLater { get; } = Read("held-out-later.yaml");

    /// <summary>As <see cref="HeldOutLater"/>, by someone who had read the tables.</summary>
    public static IReadOnlyList<Setup> HeldOutThird { get; } = Read("held-out-third.yaml");

    /// <summary>As <see cref="HeldOut"/>, with healthy ones, by someone who had seen neither the checks nor the tables.</summary>
    public static IReadOnlyList<Setup> Blind { get; } = Read("blind.yaml");

    /// <summary>As <see cref="Blind"/>, by someone else, who had not read those either.</summary>
    public static IReadOnlyList<Setup> BlindSecond { get; } = Read("blind-second.yaml");

    /// <summary>As <see cref="BlindSecond"/>, collected after the tables were changed for that one.</summary>
    public static IReadOnlyList<Setup> BlindThird { get; } = Read("blind-third.yaml");

    /// <summary>As <see cref="BlindThird"/>, collected after the tables were changed for that one too.</summary>
    public static IReadOnlyList<Setup> BlindFourth { get; } = Read("blind-fourth.yaml");

    /// <summary>By yet another, who had not read the diagnosis or its tables, collected after all changes for the others.</summary>
    public static IReadOnlyList<Setup> BlindFifth { get; } = Read("blind-fifth.yaml");

    /// <summary>As <see cref="BlindFifth"/>, collected after the tables were changed for that one.</summary>
    public static IReadOnlyList<Setup> BlindSixth { get; } = Read("blind-sixth.yaml");

    /// <summary>By yet another, who had not read the diagnosis or its tables, collected after the changes for the sixth.</summary>
    public static IReadOnlyList<Setup> BlindSeventh { get; } = Read("blind-seventh.yaml");

    /// <summary>By the same hand as <see cref="BlindSeventh"/>, collected after the tables were changed for that one.</summary>
    public static IReadOnlyList<Setup> BlindEighth { get; } = Read("blind-eighth.yaml");

    /// <summary>From public reports and AWS's pages, tried with the built program by someone who had read a part of the tables.</summary>
    public static IReadOnlyList<Setup> ByHand { get; } = Read("by-hand.yaml");

    /// <summary>The set-ups of all files.</summary>
    public static IReadOnlyList<Setup> All { get; } =
    [
        .. Broken, .. Healthy, .. Reported, .. Independent, .. IndependentHealthy, .. HeldOut, .. HeldOutLater, .. HeldOutThird, .. Blind,
        .. ByHand, .. BlindSecond, .. BlindThird, .. BlindFourth, .. BlindFifth, .. BlindSixth, .. BlindSeventh, .. BlindEighth,
    ];

    /// <summary>Examples of the words by which causes are known, by code; <c>none</c> for words that show nothing.</summary>
    public static IReadOnlyList<(string Code, string Words)> Signs { get; } =
        [.. Parse("signs.yaml").AsObject().SelectMany(sign => Texts(sign.Value).Select(words => (sign.Key, words)))];

    /// <summary>Examples of the reasons of environments by which causes are known, by code; <c>none</c> where none shows.</summary>
    public static IReadOnlyList<(string Code, string Words)> EnvironmentSigns { get; } =
        [.. Parse("environment-signs.yaml").AsObject().SelectMany(sign => Texts(sign.Value).Select(words => (sign.Key, words)))];

    /// <summary>What an example says, without the word that marks a line of a log.</summary>
    public static string Text(string words) => IsLog(words) ? words[Log.Length..] : words;

    /// <summary>Whether an example is a line of a log, and not AWS's words.</summary>
    public static bool IsLog(string words) => words.StartsWith(Log, StringComparison.Ordinal);

    private static List<Setup> Read(string file) =>
        [.. Parse(file).AsArray().Select(setup => ReadOne(file, setup!.AsObject()))];

    private static JsonNode Parse(string file)
    {
        string text = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Diagnosis", file));
        Result<ConfigNode> read = ConfigYaml.Read(text, file);
        if (!read.TryGet(out ConfigNode? node, out IReadOnlyList<Problem>? problems))
            throw new InvalidDataException(string.Join('\n', problems));
        return JsonNode.Parse(ConfigJson.Write(node))!;
    }

    private static Setup ReadOne(string file, JsonObject setup)
    {
        string name = (string?)setup["name"] ?? throw new InvalidDataException($"A set-up in {file} has no name.");
        if (setup.FirstOrDefault(member => !s_members.Contains(member.Key)) is { Key: { } unknown })
            throw new InvalidDataException($"The set-up '{name}' in {file} has the unknown member '{unknown}'.");
        var made = new Setup(name, [.. Texts(setup["causes"])])
        {
            Account = setup["account"]?.AsObject() ?? [],
            Job = setup["job"]?.AsObject(),
            Log = [.. Texts(setup["log"])],
        };
        return setup["submit"] is JsonObject submit ? made with { Submit = MergePatch.Apply(made.Submit, submit) } : made;
    }

    private static IEnumerable<string> Texts(JsonNode? list) => (list?.AsArray() ?? []).Select(text => (string)text!);
}
