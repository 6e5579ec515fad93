using Refrag.Composition.Tree;
using Refrag.Composition.Yaml;
using Refrag.Scheduling.Simulation;

namespace Refrag.Scenarios;

/// <summary>
/// What goes wrong in a rehearsal, as YAML or JSON: <c>seed</c>, <c>instance_start</c>, <c>refusal</c>, and <c>events</c>, each with
/// <c>what</c>, <c>from</c>, <c>until</c>, <c>region</c> and what belongs to it.
/// </summary>
public static class ScenarioFile
{
    private static readonly Dictionary<string, Func<ScenarioFields, Injection?>> s_events = new(StringComparer.Ordinal)
    {
        ["insufficient_capacity"] =
            fields => fields.Text("type", isRequired: true) is { } type
                ? new InsufficientCapacity(type, fields.Text("zone"), fields.Flag("spot"))
                : null,
        ["spot_reclaim"] =
            fields =>
                new SpotReclaim(fields.Whole("count", least: 1) is { } count ? (int)count : null, fields.Number("part", 1) ?? 1,
                    fields.Text("environment")),
        ["spot_rate"] =
            fields => fields.Number("per_hour", 1000, isRequired: true) is { } rate
                ? new SpotRate(rate, fields.Text("environment"))
                : null,
        ["slow_start"] = fields => fields.Time("extra", isRequired: true) is { } extra ? new SlowStart(extra) : null,
        ["role_fault"] = fields => fields.Text("environment", isRequired: true) is { } environment ? new RoleFault(environment) : null,
        ["image_fault"] = fields => new ImageFault(fields.Text("environment")),
        ["endpoint_gone"] = fields => new EndpointGone(fields.Text("environment")),
        ["role_gone"] = fields => fields.Text("role", isRequired: true) is { } role ? new RoleGone(role) : null,
        ["transient_reason"] =
            fields => new TransientReason(fields.Time("after") ?? TransientReason.Reported, fields.Text("environment")),
    };

    /// <summary>Reads a file over what is usual.</summary>
    public static Result<Scenario> Read(string path, string shown, Scenario usual)
    {
        try
        {
            return ConfigYaml.Read(File.ReadAllText(path), shown).TryGet(out ConfigNode? root, out IReadOnlyList<Problem> problems)
                ? Read(root, usual)
                : Result<Scenario>.Failure(problems);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Problem
            {
                Code = "RF5036",
                What = $"--scenario={shown} cannot be read: {e.Message}",
                Cure = "Name a file of YAML, as docs/guides/rehearse.md describes.",
            };
        }
    }

    /// <summary>Reads one event, or a list of them, as a client sends it.</summary>
    public static Result<IReadOnlyList<Injection>> ReadEvents(string text)
    {
        if (!ConfigYaml.Read(text, "request").TryGet(out ConfigNode? root, out IReadOnlyList<Problem> wrong))
            return Result<IReadOnlyList<Injection>>.Failure(wrong);
        List<Problem> problems = [];
        List<Injection> events = Events(root is ConfigList list ? list : ConfigList.Of([root]), problems);
        return problems.Count > 0 ? Result<IReadOnlyList<Injection>>.Failure(problems) : Result<IReadOnlyList<Injection>>.Success(events);
    }

    private static Result<Scenario> Read(ConfigNode root, Scenario usual)
    {
        List<Problem> problems = [];
        var fields = new ScenarioFields(root, problems);
        Scenario read = Read(fields, usual, problems);
        fields.Finish();
        return problems.Count > 0 ? Result<Scenario>.Failure(problems) : read;
    }

    /// <summary>Reads the keys of a scenario in a mapping that has others besides.</summary>
    internal static Scenario Read(ScenarioFields fields, Scenario usual, List<Problem> problems) => usual with
    {
        Seed = (ulong)(fields.Whole("seed", least: 0) ?? (long)usual.Seed),
        StartUp = fields.Time("instance_start") ?? usual.StartUp,
        Refusal = fields.Time("refusal") ?? usual.Refusal,
        Injections = fields.List("events") is { } events ? Events(events, problems) : [],
    };

    private static List<Injection> Events(ConfigList list, List<Problem> problems)
    {
        List<Injection> events = [];
        foreach (ConfigNode item in list)
        {
            var fields = new ScenarioFields(item, problems);
            if (fields.Choice("what", s_events) is not { } make) continue;
            (TimeSpan? from, TimeSpan? until, string? region) = (fields.Time("from"), fields.Time("until"), fields.Region("region"));
            Injection? one = make(fields);
            fields.Finish();
            if (one is null) continue;
            events.Add(one with { From = from ?? TimeSpan.Zero, Until = until ?? TimeSpan.MaxValue, Region = region });
        }
        return events;
    }
}
