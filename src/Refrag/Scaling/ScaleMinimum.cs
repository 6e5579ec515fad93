using Refrag.Composition.Tree;
using Refrag.Policies;
using Refrag.Scenarios;

namespace Refrag.Scaling;

/// <summary>The key <c>minimum</c> of a scaling policy.</summary>
internal static class ScaleMinimum
{
    private static readonly Dictionary<string, DayOfWeek> s_days = new(StringComparer.Ordinal)
    {
        ["mon"] = DayOfWeek.Monday,
        ["tue"] = DayOfWeek.Tuesday,
        ["wed"] = DayOfWeek.Wednesday,
        ["thu"] = DayOfWeek.Thursday,
        ["fri"] = DayOfWeek.Friday,
        ["sat"] = DayOfWeek.Saturday,
        ["sun"] = DayOfWeek.Sunday,
    };

    private const int DaysOfWeek = 7;

    public static MinimumPolicy Read(ConfigMapping node, List<Problem> problems)
    {
        var fields = new ScenarioFields(node, problems);
        MinimumPolicy policy = new() { Most = ScaleFile.VCpus(fields, "most", isRequired: true) };
        policy = policy with
        {
            Least = ScaleFile.VCpus(fields, "least", isRequired: false),
            Depth = [.. Items(fields, "depth", problems, Depth).OrderBy(step => step.Jobs)],
            OldestWait = [.. Items(fields, "oldest_wait", problems, Wait).OrderBy(step => step.Wait)],
            Hours = Items(fields, "hours", problems, Hours),
            Zone = Zone(fields),
            LowerAfter = fields.Time("lower_after") ?? policy.LowerAfter,
            Step = fields.Whole("step", 1) is { } step ? (int)step : null,
        };
        ScaleFile.CheckBounds(fields, policy.Least, policy.Most, problems);
        int[] wanted = [.. policy.Depth.Select(one => one.VCpus), .. policy.OldestWait.Select(one => one.VCpus),
            .. policy.Hours.Select(one => one.VCpus)];
        if (wanted.Any(vCpus => vCpus > policy.Most) && problems.Count == 0)
            fields.Wrong("most", $"a rule wants {wanted.Max()} vCPUs, and most is {policy.Most}", $"Give at least {wanted.Max()}.");
        fields.Finish();
        return policy;
    }

    private static List<T> Items<T>(
        ScenarioFields fields, string key, List<Problem> problems, Func<ScenarioFields, T?> read)
        where T : class
    {
        List<T> items = [];
        foreach (ConfigNode item in fields.List(key) ?? ConfigList.Of([]))
        {
            var own = new ScenarioFields(item, problems);
            T? one = read(own);
            own.Finish();
            if (one is not null) items.Add(one);
        }
        return items;
    }

    private static DepthStep? Depth(ScenarioFields fields)
    {
        fields.Require("from");
        int vCpus = ScaleFile.VCpus(fields, "vcpus", isRequired: true);
        return fields.Whole("from", 1) is { } jobs ? new DepthStep((int)jobs, vCpus) : null;
    }

    private static WaitStep? Wait(ScenarioFields fields)
    {
        TimeSpan? wait = fields.Time("from", isRequired: true);
        int vCpus = ScaleFile.VCpus(fields, "vcpus", isRequired: true);
        return wait is { } from ? new WaitStep(from, vCpus) : null;
    }

    private static WeekHours? Hours(ScenarioFields fields)
    {
        IReadOnlyList<DayOfWeek>? days = fields.Has("days") ? Days(fields) : [.. s_days.Values];
        TimeSpan? from = fields.TimeOfDay("from");
        TimeSpan? until = fields.TimeOfDay("until");
        int vCpus = ScaleFile.VCpus(fields, "vcpus", isRequired: true);
        if (from == until && from is not null)
            fields.Wrong("until", "the hours end when they begin", "Write `from: \"00:00\"` and `until: \"24:00\"` for the whole day.");
        return days is null || from is null || until is null ? null : new WeekHours(days, from.Value, until.Value, vCpus);
    }

    // Days and ranges of days: [mon, wed-fri].
    private static List<DayOfWeek>? Days(ScenarioFields fields)
    {
        List<DayOfWeek> days = [];
        foreach (string text in fields.Texts("days") ?? [])
        {
            string[] ends = text.Split('-');
            string? unknown = ends.FirstOrDefault(end => !s_days.ContainsKey(end));
            if (ends.Length > 2 || unknown is not null)
            {
                fields.Wrong("days", $"there is no day {unknown ?? text}.{Suggestion.Sentence(unknown ?? text, s_days.Keys)}".TrimEnd('.'),
                    $"Use {string.Join(", ", s_days.Keys)}, or a range such as mon-fri.");
                return null;
            }
            DayOfWeek day = s_days[ends[0]];
            for (days.Add(day); day != s_days[ends[^1]]; days.Add(day)) day = (DayOfWeek)(((int)day + 1) % DaysOfWeek);
        }
        return days;
    }

    private static TimeZoneInfo Zone(ScenarioFields fields)
    {
        if (fields.Text("time_zone") is not { } name) return TimeZoneInfo.Utc;
        if (TimeZoneInfo.TryFindSystemTimeZoneById(name, out TimeZoneInfo? zone)) return zone;
        fields.Wrong("time_zone", $"this machine knows no time zone {name}",
            "Write one of the tz database, such as Europe/Berlin, and install that (tzdata); or leave it out for UTC.");
        return TimeZoneInfo.Utc;
    }
}
