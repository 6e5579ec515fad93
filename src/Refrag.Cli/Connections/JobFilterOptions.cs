using System.CommandLine;
using Refrag.Aws.Batch;
using Refrag.Cli.Configuration;
using Refrag.Monitoring;

namespace Refrag.Cli.Connections;

/// <summary>The options that say which jobs are meant.</summary>
internal sealed class JobFilterOptions
{
    private readonly Option<string[]> _queue = new("--queue", "-q")
    {
        Description = "Only jobs of this queue; may be given more than once.",
    };
    private readonly Option<string[]> _status = new("--status", "-s")
    {
        Description = "Only jobs in these states, with commas: RUNNING, or active (not ended).",
    };
    private readonly Option<string> _name = new("--name") { Description = "Only jobs of this name, perhaps with * and ?" };
    private readonly Option<string> _since = new("--since")
    {
        Description = "Only jobs made within this time (10m, 8h, 2d) or since a date.",
    };
    private readonly Option<string[]> _tag = new("--tag")
    {
        Description = "Only jobs with this tag: app=train; may be given more than once.",
    };
    private readonly Option<bool> _mine = new("--mine") { Description = "Only jobs that you submitted (the tag user)." };

    public JobFilterOptions() => _status.CompletionSources.Add([.. JobLister.Statuses, "active"]);

    public Option[] All => [_queue, _status, _name, _since, _tag, _mine];

    /// <summary>The filter, or what is wrong with it.</summary>
    public Result<JobFilter> Read(ParseResult parsed, QuerySession session, IReadOnlyList<string> names)
    {
        List<Problem> problems = [];
        List<string> statuses = [];
        foreach (string status in (parsed.GetValue(_status) ?? []).SelectMany(s => s.Split(',', StringSplitOptions.RemoveEmptyEntries)))
        {
            if (string.Equals(status, "active", StringComparison.OrdinalIgnoreCase)) statuses.AddRange(JobLister.Active);
            else if (JobLister.Statuses.Contains(status.ToUpperInvariant(), StringComparer.Ordinal))
                statuses.Add(status.ToUpperInvariant());
            else problems.Add(
                Wrong("--status", status,
                    $"Name one of {string.Join(", ", JobLister.Statuses)}, or "
                        + $"active.{Suggestion.Sentence(status.ToUpperInvariant(), JobLister.Statuses)}"));
        }
        DateTimeOffset? since = null;
        if (parsed.GetValue(_since) is { } text)
        {
            if (Since.Read(text, session.Context.Time).TryGet(out DateTimeOffset from, out IReadOnlyList<Problem> wrong)) since = from;
            else problems.AddRange(wrong);
        }
        Dictionary<string, string> tags = new(StringComparer.Ordinal);
        foreach (string tag in parsed.GetValue(_tag) ?? [])
        {
            int equals = tag.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0) tags[tag[..equals]] = tag[(equals + 1)..];
            else tags[tag] = "*";
        }
        // As the tag is written.
        if (parsed.GetValue(_mine)) tags["user"] = BatchLimits.TagValue(JobComposer.User(session.Context));
        if (names.Count > 1)
            problems.Add(
                Wrong("name", names[1], "Give one name or pattern; put a pattern between quotes, so that the shell leaves it alone."));
        return problems.Count > 0
            ? Result<JobFilter>.Failure(problems)
            : new JobFilter
            {
                Queues = parsed.GetValue(_queue) ?? [],
                Statuses = [.. statuses.Distinct(StringComparer.Ordinal)],
                Name = parsed.GetValue(_name) ?? (names.Count > 0 ? names[0] : null),
                Since = since,
                Tags = tags,
            };
    }

    /// <summary>A filter's value has none of the forms that its option takes.</summary>
    public static Problem Wrong(string option, string value, string cure) =>
        new() { Code = "RF5021", What = $"{option} {value} is not understood", Cure = cure };
}

/// <summary>Reads how far back to look.</summary>
internal static class Since
{
    /// <summary>The time that <c>--since</c> or another option names, or what is wrong with it.</summary>
    public static Result<DateTimeOffset> Read(string text, TimeProvider time, string option = "--since") => Parse(text, time) switch
    {
        null => JobFilterOptions.Wrong(option, text, "Write a length (10m, 8h, 2d) or a date (2026-08-10, 2026-08-10T14:00)."),
        { } from when from > time.GetUtcNow() =>
            new Problem
            {
                Code = "RF5027",
                What = $"{option} {text} is in the future",
                Cure = "Name a time that is past: a length (10m, 8h, 2d) or a date.",
            },
        { } from => from,
    };

    /// <summary>A length before now, or a date on this machine's clock; null if it is neither.</summary>
    private static DateTimeOffset? Parse(string text, TimeProvider time)
    {
        if (text.Length > 1 && Unit(text[^1]) is { } unit
            && double.TryParse(text.AsSpan(0, text.Length - 1), System.Globalization.NumberStyles.AllowDecimalPoint,
            System.Globalization.CultureInfo.InvariantCulture, out double count)
            && count * unit.TotalDays < 36500)
        {
            return time.GetUtcNow() - (unit * count);
        }
        if (!DateTime.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.None,
            out DateTime date)) return null;
        if (date.Kind != DateTimeKind.Unspecified) return new DateTimeOffset(date.ToUniversalTime());
        // In some zones the first and the last day have hours that UTC's calendar lacks.
        long ticks = date.Ticks - time.LocalTimeZone.GetUtcOffset(date).Ticks;
        return new DateTimeOffset(Math.Clamp(ticks, DateTime.MinValue.Ticks, DateTime.MaxValue.Ticks), TimeSpan.Zero);
    }

    private static TimeSpan? Unit(char letter) => letter switch
    {
        's' => TimeSpan.FromSeconds(1),
        'm' => TimeSpan.FromMinutes(1),
        'h' => TimeSpan.FromHours(1),
        'd' => TimeSpan.FromDays(1),
        'w' => TimeSpan.FromDays(7),
        _ => null,
    };
}
