using System.Globalization;
using Refrag.Aws.Batch;

namespace Refrag.Jobs;

/// <summary>Reads in which regions a job may run, and what of it contradicts the rest.</summary>
internal static class RegionsReader
{
    private const string RegionsKey = "env.regions", PatienceKey = "env.region_patience";

    // Batch starts instances in minutes: what leaves sooner leaves a region that was about to run it.
    private static readonly TimeSpan s_leastPatience = TimeSpan.FromMinutes(1);

    public static RegionsChoice? Read(ValueReader reader)
    {
        IReadOnlyList<string> regions = reader.List(RegionsKey);
        TimeSpan? patience = reader.Duration(PatienceKey, TimeSpan.Zero);
        return regions.Count > 0 ? new RegionsChoice(regions, patience) : null;
    }

    /// <summary>What cannot be had together with several regions.</summary>
    public static IEnumerable<Problem> Contradictions(JobSpec spec)
    {
        if (spec.Regions is not { } choice) yield break;
        string list = $"{RegionsKey}=[{string.Join(',', choice.Regions)}]";
        if (choice.Regions.Count != choice.Regions.Distinct(StringComparer.Ordinal).Count())
            yield return Refused(spec, $"{list} names a region twice", "Name each region once.");
        if (choice.Regions.FirstOrDefault(region => !IsName(region)) is { } wrong)
            yield return Refused(spec, $"{list}: {wrong} is not the name of a region", "Write it as AWS does: us-east-1.");
        if (BatchLimits.TagValue(string.Join(' ', choice.Regions)) != string.Join(' ', choice.Regions))
            yield return Refused(spec, $"{list} is longer than a tag, in which it travels with the job", "Name fewer regions.");
        if (spec.Connection.Region is { } one && !choice.Regions.Contains(one, StringComparer.Ordinal))
            yield return Refused(spec, $"env.region={one} is not among {list}", "Leave env.region empty, or name it among the regions.");
        if (choice.Patience < s_leastPatience)
            yield return Refused(
                spec, $"{PatienceKey}={Duration.Format(choice.Patience.Value)} is shorter than a minute: Batch starts instances in minutes",
                "Allow 1m or more; leave it empty to move only what Batch calls blocked.", PatienceKey);
        if (spec.DependsOn.Count > 0)
            yield return Refused(
                spec, $"{list} cannot be had with env.depends_on: Batch knows only the jobs of its own region",
                "Name the region of those jobs instead: env.region=REGION env.regions=null.");
        // File systems are of one region. (EFS User Guide, how it works)
        if (spec.Changes.Container?.Volumes is { } volumes && volumes.Any(volume => volume.EfsVolumeConfiguration is not null))
            yield return Refused(
                spec, $"{list} cannot be had with env.volumes: a file system of EFS is in one region",
                "Name its region: env.region=REGION env.regions=null.");
    }

    // New ones come, and AWS refuses what is none.
    private static bool IsName(string text) =>
        text.Split('-') is { Length: >= 3 } parts && int.TryParse(parts[^1], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');

    private static Problem Refused(JobSpec spec, string what, string cure, string key = RegionsKey) => new()
    {
        Code = "RF8180",
        What = what,
        Cure = cure,
        Place = spec.Places.Of(key),
    };
}
