using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Refrag.ShippedApps.Training;

/// <summary>
/// What decides the numbers of a run. Neither the number of epochs is among it, so that a run can be made longer, nor how often something
/// is written.
/// </summary>
internal static class RunIdentity
{
    public static SortedDictionary<string, string> Of(TrainSettings settings, Dataset all)
    {
        SortedDictionary<string, string> identity = new(StringComparer.Ordinal)
        {
            ["seed"] = settings.Seed.ToString(CultureInfo.InvariantCulture),
            ["batch_size"] = settings.BatchSize.ToString(CultureInfo.InvariantCulture),
            ["lr"] = settings.LearningRate.ToString("R", CultureInfo.InvariantCulture),
            ["model"] = settings.Model,
            ["hidden"] = settings.Hidden.ToString(CultureInfo.InvariantCulture),
            ["features"] = all.Features.ToString(CultureInfo.InvariantCulture),
            ["classes"] = all.Classes.ToString(CultureInfo.InvariantCulture),
            ["samples"] = all.Rows.ToString(CultureInfo.InvariantCulture),
        };
        // A file may be moved, not changed.
        identity["data"] = settings.IsSynthetic ? settings.Data : $"a file of content {Fingerprint(all)}";
        return identity;
    }

    /// <summary>The first difference in words; null if there is none.</summary>
    public static string? Difference(SortedDictionary<string, string> saved, SortedDictionary<string, string> asked)
    {
        foreach (string key in saved.Keys.Union(asked.Keys, StringComparer.Ordinal))
        {
            string before = saved.GetValueOrDefault(key, "not set"), now = asked.GetValueOrDefault(key, "not set");
            if (before != now) return $"{key} is {before} there and {now} here";
        }
        return null;
    }

    private static string Fingerprint(Dataset all)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(MemoryMarshal.AsBytes(all.Values.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(all.Labels.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
