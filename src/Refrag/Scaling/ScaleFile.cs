using Refrag.Aws.Batch;
using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;
using Refrag.Policies;
using Refrag.Scenarios;

namespace Refrag.Scaling;

/// <summary>
/// A scaling policy as YAML (docs/guides/scaling.md): <c>environment</c>, <c>queues</c>, <c>minimum</c>, <c>maximum</c>, <c>cool_down</c>,
/// <c>hysteresis</c> and <c>scale_down_delay</c>. The name of the file is the policy's name.
/// </summary>
public static class ScaleFile
{
    /// <summary>The folder of such files, in a folder of the configuration.</summary>
    public const string Folder = "scale";

    private const string Code = "RF8163";
    private const string Ending = ".yaml";
    private const string OtherEnding = ".yml";
    private const double MostHysteresis = 0.9;
    private const double MostBurst = 1000;
    private const int MostVCpus = 1_000_000;

    private static readonly TimeSpan s_leastCoolDown = TimeSpan.FromMinutes(1);

    /// <summary>Reads every policy of a folder; what is wrong with them is collected, each with its place.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="shown">How messages name it.</param>
    public static Result<IReadOnlyList<EnvironmentPolicy>> ReadFolder(string folder, string shown)
    {
        List<EnvironmentPolicy> policies = [];
        List<Problem> problems = [];
        try
        {
            foreach (string path in Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal))
            {
                string name = Path.Combine(shown, Path.GetFileName(path));
                if (path.EndsWith(OtherEnding, StringComparison.Ordinal)) problems.Add(Misnamed(name));
                if (!path.EndsWith(Ending, StringComparison.Ordinal)) continue;
                if (Read(path, name).TryGet(out EnvironmentPolicy? policy, out IReadOnlyList<Problem> wrong)) policies.Add(policy);
                else problems.AddRange(wrong);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problems.Add(Unreadable(shown, e));
        }
        return problems.Count > 0
            ? Result<IReadOnlyList<EnvironmentPolicy>>.Failure(problems)
            : Result<IReadOnlyList<EnvironmentPolicy>>.Success(policies);
    }

    /// <summary>Reads one policy.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shown">How messages name it.</param>
    public static Result<EnvironmentPolicy> Read(string path, string shown)
    {
        try
        {
            if (!ConfigYaml.Read(File.ReadAllText(path), shown).TryGet(out ConfigNode? root, out IReadOnlyList<Problem> problems))
                return Result<EnvironmentPolicy>.Failure(problems);
            return Read(root, Path.GetFileNameWithoutExtension(path));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable(shown, e);
        }
    }

    private static Result<EnvironmentPolicy> Read(ConfigNode root, string name)
    {
        List<Problem> problems = [];
        var fields = new ScenarioFields(root, problems);
        string? environment = fields.Text("environment", isRequired: true);
        EnvironmentPolicy policy = new()
        {
            Name = name,
            Environment = environment ?? "",
            Queues = fields.Texts("queues") ?? [],
            Minimum = fields.Child("minimum") is { } minimum ? ScaleMinimum.Read(minimum, problems) : null,
            Maximum = fields.Child("maximum") is { } maximum ? Maximum(maximum, problems) : null,
            ScaleDownDelayMinutes = Delay(fields),
        };
        policy = policy with
        {
            CoolDown = CoolDown(fields) ?? policy.CoolDown,
            Hysteresis = fields.Number("hysteresis", MostHysteresis) ?? policy.Hysteresis,
        };
        fields.Finish();
        if (problems.Count == 0) CheckTogether(policy, fields);
        // One code for whatever is wrong with such a file.
        return problems.Count > 0 ? Result<EnvironmentPolicy>.Failure([.. problems.Select(one => one with { Code = Code })]) : policy;
    }

    // So the budget and the jobs never want what excludes each other.
    private static void CheckTogether(EnvironmentPolicy policy, ScenarioFields fields)
    {
        if (policy is { Minimum: null, Maximum: null, ScaleDownDelayMinutes: null })
            fields.Wrong("environment", "the policy changes nothing", "Add `minimum`, `maximum` or `scale_down_delay`.");
        if (policy.Minimum is { } minimum && policy.Maximum is { } maximum && minimum.Most > maximum.Least)
        {
            fields.Wrong("minimum", $"the minimum may become {minimum.Most}, and the maximum {maximum.Least}",
                $"Give the minimum a `most` of at most {maximum.Least}, or the maximum a higher `least`.");
        }
    }

    private static TimeSpan? CoolDown(ScenarioFields fields)
    {
        if (fields.Time("cool_down") is not { } time) return null;
        if (time < s_leastCoolDown) fields.Wrong("cool_down", "cool_down is shorter than a minute", "Give at least 1m.");
        return time;
    }

    private static int? Delay(ScenarioFields fields)
    {
        if (fields.Time("scale_down_delay") is not { } time) return null;
        double minutes = time.TotalMinutes;
        if (minutes is < BatchLimits.LeastScaleDownMinutes or > BatchLimits.MostScaleDownMinutes || minutes % 1 != 0)
        {
            fields.Wrong("scale_down_delay", $"scale_down_delay is not a number of minutes from {BatchLimits.LeastScaleDownMinutes} to "
                + $"{BatchLimits.MostScaleDownMinutes}", "Write it as in `scale_down_delay: 30m`.");
        }
        return (int)Math.Min(minutes, int.MaxValue);
    }

    private static MaximumPolicy Maximum(ConfigMapping node, List<Problem> problems)
    {
        var fields = new ScenarioFields(node, problems);
        MaximumPolicy policy = new()
        {
            Least = VCpus(fields, "least", isRequired: true),
            Most = VCpus(fields, "most", isRequired: true),
            Budget = fields.Text("budget", isRequired: true) ?? "",
            Burst = fields.Number("burst", MostBurst) ?? 1,
        };
        if (fields.Has("least") && policy.Least == 0)
            fields.Wrong("least", "a maximum of 0 does not exist", "Give at least 1: Batch takes no other.");
        if (policy.Burst < 1) fields.Wrong("burst", "burst is below 1", "Give the even rate, 1, or a multiple of it.");
        CheckBounds(fields, policy.Least, policy.Most, problems);
        fields.Finish();
        return policy;
    }

    /// <summary>vCPUs that a key gives.</summary>
    internal static int VCpus(ScenarioFields fields, string key, bool isRequired)
    {
        if (isRequired) fields.Require(key);
        if (fields.Whole(key, 0) is not { } number) return 0;
        if (number > MostVCpus) fields.Wrong(key, $"{key} is above {MostVCpus}", $"Give at most {MostVCpus}.");
        return (int)Math.Min(number, MostVCpus);
    }

    /// <summary>Reports bounds that exclude each other.</summary>
    internal static void CheckBounds(ScenarioFields fields, int least, int most, List<Problem> problems)
    {
        if (least > most && problems.Count == 0) fields.Wrong("most", "most is below least", $"Give at least {least}.");
    }

    private static Problem Misnamed(string shown) => new()
    {
        Code = Code,
        What = $"The policy {shown} does not count: its name does not end with {Ending}",
        Cure = $"Let its name end with {Ending}.",
    };

    private static Problem Unreadable(string shown, Exception fault) => new()
    {
        Code = Code,
        What = $"The scaling policy {shown} cannot be read: {fault.Message}",
        Cure = "Make it readable, or remove it.",
    };
}
